"""A whole rehearsal: every scenario on a stage of its own, on one server, and the report of them all."""

import asyncio
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from temporalio.client import WorkflowUpdateFailedError
from temporalio.service import RPCError
from temporalio.testing import WorkflowEnvironment

from adapters.channels import channel_of
from adapters.documents.channel import Channel
from adapters.documents.findings import Severity
from adapters.partners import PartnerKind, PartnerProfile
from domain.policy import Policy
from starter.order_signals import OrderClosedError
from starter.rehearsal.hand import SECRET, CannotRehearseError, Hand
from starter.rehearsal.languages import hand_of
from starter.rehearsal.order import order_of
from starter.rehearsal.play import Play
from starter.rehearsal.report import RehearsalReport, SampleReport, ScenarioReport, verdict_of
from starter.rehearsal.samples import Sample, numbers_its_own_lines, remarks, sample_of, units_of
from starter.rehearsal.scenarios import SCENARIOS, Scenario
from starter.rehearsal.stage import Stage, StuckError
from starter.rehearsal.telling import told

AT_ONCE = 4
"""Scenarios played at the same time."""

Progress = Callable[[ScenarioReport], None]


@dataclass(frozen=True)
class Rehearsal:
    """A partner, its samples, and who writes as it would."""

    profile: PartnerProfile
    channel: Channel
    hand: Hand
    samples: tuple[Sample, ...]

    @property
    def undecided(self) -> tuple[str, ...]:
        """What the samples show that the page says otherwise, or that somebody must decide."""
        found = [*self.hand.notes()]
        differing = numbers_its_own_lines(self.samples)
        if differing and self.profile.lines_echo_ours:
            found.append(
                f"{differing} give one item of an order different line numbers: it numbers lines in its own way, and "
                "the page says that it repeats ours (lines_echo_ours)"
            )
        for sample in self.samples:
            found += [f"{sample.name}: {remark}" for remark in remarks(sample, Severity.ERROR)]
        return tuple(dict.fromkeys(found))


def prepared(profile: PartnerProfile, files: Sequence[tuple[str, bytes]]) -> Rehearsal:
    """Return what is to be rehearsed. Raises CannotRehearseError."""
    if profile.kind is not PartnerKind.SUPPLIER:
        raise CannotRehearseError("only a supplier's documents are rehearsed")
    channel = channel_of(profile, secret_of=lambda _: SECRET)
    if channel is None:
        raise CannotRehearseError(f"a partner that speaks {profile.language} sends events; send them to a running demo")
    samples = tuple(sample_of(name, body, channel) for name, body in files)
    return Rehearsal(profile, channel, hand_of(profile, samples), samples)


async def rehearse(
    temporal: WorkflowEnvironment,
    rehearsal: Rehearsal,
    *,
    scenarios: Sequence[Scenario] = SCENARIOS,
    policy: Policy | None = None,
    progress: Progress = lambda _: None,
) -> RehearsalReport:
    """Play the scenarios, some at a time; `progress` hears of each as it ends."""
    began, run = time.monotonic(), f"R{time.time_ns():x}"
    limit = asyncio.Semaphore(AT_ONCE)

    async def one(scenario: Scenario) -> ScenarioReport:
        async with limit:
            report = await _play(temporal, rehearsal, scenario, run, policy or Policy())
        progress(report)
        return report

    played = tuple(await asyncio.gather(*(one(scenario) for scenario in scenarios)))
    undecided = rehearsal.undecided
    profile = rehearsal.profile
    origins = {kind: rehearsal.hand.origin(kind) for kind in rehearsal.hand.kinds()}
    return RehearsalReport(
        partner=profile.code,
        name=profile.name,
        language=profile.language,
        at=datetime.now(UTC),
        verdict=verdict_of(played, undecided),
        seconds=round(time.monotonic() - began, 1),
        origins=origins,
        samples=tuple(_sample(sample, origins) for sample in rehearsal.samples),
        undecided=undecided,
        scenarios=played,
    )


async def _play(
    temporal: WorkflowEnvironment, rehearsal: Rehearsal, scenario: Scenario, run: str, policy: Policy
) -> ScenarioReport:
    order = order_of(rehearsal.profile, f"RH-{scenario.name}", units_of(rehearsal.samples))
    stage = Stage(temporal, rehearsal.profile, rehearsal.channel, rehearsal.hand, order=order, run=run, policy=policy)
    play, problem = Play(stage), ""
    async with stage.open():
        try:
            await scenario.play(play)
        except StuckError as error:
            problem = str(error)
        except OrderClosedError:
            problem = f"the order was closed before its time: {stage.where()}"
        except WorkflowUpdateFailedError as error:
            problem = f"the lifecycle does not take a decision: {error.cause}: {stage.where()}"
        except RPCError as error:
            problem = f"Temporal: {error.status.name}: {stage.where()}"
        await stage.ends()
    return told(scenario.name, scenario.title, play, problem)


def _sample(sample: Sample, origins: dict[str, str]) -> SampleReport:
    return SampleReport(
        file=sample.name,
        kinds=tuple(dict.fromkeys(reading.kind.value for reading in sample.readings)),
        errors=remarks(sample, Severity.ERROR),
        warnings=remarks(sample, Severity.WARNING),
        used_for=tuple(kind for kind, origin in origins.items() if origin == sample.name),
    )
