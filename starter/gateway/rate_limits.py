"""Token buckets: so many a second, so many at once."""

import time
from collections.abc import Callable
from dataclasses import dataclass

from adapters.partners import RateLimit

MOST_BUCKETS = 10_000


@dataclass(slots=True)
class _Bucket:
    tokens: float
    filled_at: float


class RateLimits:
    """One bucket per key; a bucket nobody has used for long is forgotten."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._buckets: dict[str, _Bucket] = {}

    def wait(self, key: str, limit: RateLimit) -> float:
        """Take a token. Return 0, or the seconds until there is one where there is none."""
        now = self._clock()
        bucket = self._buckets.get(key)
        if bucket is None:
            self._make_room()
            bucket = self._buckets[key] = _Bucket(limit.burst, now)
        bucket.tokens = min(limit.burst, bucket.tokens + (now - bucket.filled_at) * limit.per_second)
        bucket.filled_at = now
        if bucket.tokens < 1:
            return (1 - bucket.tokens) / limit.per_second
        bucket.tokens -= 1
        return 0.0

    def _make_room(self) -> None:
        if len(self._buckets) >= MOST_BUCKETS:
            oldest = min(self._buckets, key=lambda key: self._buckets[key].filled_at)
            del self._buckets[oldest]
