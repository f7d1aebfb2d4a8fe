"""Why a batch does not run, or does not go on; each is one line."""


class BatchRefused(ValueError):  # noqa: N818 - reads as what it is
    """A batch that can't be run as asked; nothing was changed."""


class BatchFailed(RuntimeError):  # noqa: N818 - reads as what it is
    """A batch that can't go on; what is done is kept, and the same command continues it."""
