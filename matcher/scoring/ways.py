"""What a slate is made of: offers where they stand, alone or after a training."""

from typing import NamedTuple

from matcher.offers import Offers


class Posting(NamedTuple):
    """One offer where it stands.

    Parameters
    ----------
    offers
        The market that it came with.
    row
        Its row there.
    """

    offers: Offers
    row: int


class Way(NamedTuple):
    """What would be suggested: an offer alone, or after a training.

    Parameters
    ----------
    client
        Row of the client.
    first
        Training that comes first; None where the offer stands alone.
    offer
        The offer.
    """

    client: int
    first: Posting | None
    offer: Posting
