"""A partner's go-live, rehearsed: real lifecycles on a clock that skips, with that partner's documents."""
