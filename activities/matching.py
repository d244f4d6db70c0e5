"""The match, run as an activity so that its answer is in the history and the rules can change under running orders."""

from temporalio import activity

from domain.match import MatchRequest, MatchResult
from domain.matching import three_way_match
from domain.ports import Store


class MatchingActivities:
    """Looks for what an invoice could repeat, then matches it."""

    def __init__(self, store: Store) -> None:
        self._store = store

    @activity.defn
    async def match_invoice(self, request: MatchRequest) -> MatchResult:
        """Claim the invoice's number, then match it against the order and the goods receipts."""
        prior = await self._store.claim_invoice(request.order, request.invoice)
        return three_way_match(request.model_copy(update={"prior": prior}))
