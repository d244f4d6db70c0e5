"""The two ways a partner fails us: asking again cannot help, or asking again may."""


class RejectedError(Exception):
    """The partner understood and said no, or we cannot make sense of its answer; asking again cannot help."""


class UnavailableError(Exception):
    """The partner did not answer, or not yet; asking again may help.

    `retry_after` is the pause the partner asked for, in seconds, where it named one.
    """

    def __init__(self, message: str, *, retry_after: float | None = None) -> None:
        super().__init__(message)
        self.retry_after = retry_after
