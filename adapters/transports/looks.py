"""How a file looks, look after look: one that is still being written is not at rest."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

Elapsed = Callable[[], float]
"""Seconds on a clock that only goes forward, such as `time.monotonic`."""


@dataclass(frozen=True)
class Sight:
    """How a file looks from outside."""

    size: int
    modified: int


class Looks:
    """Remembers since when each file has looked the same; forgets files that are gone."""

    def __init__(self, *, settle_seconds: float, clock: Elapsed) -> None:
        self._settle = settle_seconds
        self._clock = clock
        self._since: dict[str, tuple[Sight, float]] = {}

    def at_rest(self, seen: Mapping[str, Sight]) -> tuple[str, ...]:
        """Return the names that look as they did before and have for long enough, oldest first."""
        now = self._clock()
        before, self._since = self._since, {}
        resting = []
        for name, sight in seen.items():
            known, since = before.get(name, (None, now))
            self._since[name] = (sight, since if known == sight else now)
            if known == sight and now - since >= self._settle:
                resting.append(name)
        return tuple(sorted(resting, key=lambda name: (seen[name].modified, name)))

    def quiet_for(self, name: str) -> float:
        """Return for how many seconds a file has looked the same."""
        known = self._since.get(name)
        return self._clock() - known[1] if known else 0.0
