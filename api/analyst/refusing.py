"""What the registry refuses, as a failure that every door tells."""

from collections.abc import Iterator
from contextlib import contextmanager

from api.failures import Refused


@contextmanager
def refusing() -> Iterator[None]:
    """Turn what the registry and the ledger refuse into a failure with their reason."""
    from matcher.learning.registry import ArtefactRefused, NotAllowed

    try:
        yield
    except (ArtefactRefused, NotAllowed) as refused:
        raise Refused(str(refused)) from None
