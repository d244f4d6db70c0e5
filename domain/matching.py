"""The three-way match: a supplier invoice against the order and the goods receipts; rules in docs/matching.md."""

from domain import match_rules
from domain.match import MatchRequest, MatchResult, Rule, Verdict
from domain.match_rules import Finding

RULES = (
    match_rules.duplicates,
    match_rules.currency,
    match_rules.lines_on_order,
    match_rules.units,
    match_rules.prices,
    match_rules.quantities,
    match_rules.charges_and_tax,
    match_rules.arithmetic,
)


def three_way_match(request: MatchRequest) -> MatchResult:
    """Compare everything, and say how the match ends and why (rules 14 and 16)."""
    findings = [finding for rule in RULES for finding in rule(request)]
    return MatchResult(
        invoice=request.invoice.number,
        verdict=_verdict(findings),
        comparisons=tuple(finding.comparison for finding in findings),
        discrepancies=tuple(finding.discrepancy for finding in findings if finding.discrepancy is not None),
    )


def _verdict(findings: list[Finding]) -> Verdict:
    failed = [finding for finding in findings if finding.discrepancy is not None]
    if not failed:
        return Verdict.MATCHED
    if any(finding.comparison.rule is Rule.DUPLICATE for finding in failed):
        return Verdict.REJECTED
    return Verdict.WAITING if all(finding.waits for finding in failed) else Verdict.HELD
