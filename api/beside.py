"""What other processes do at a start, while this one loads its libraries."""

from collections.abc import Iterator
from contextlib import closing, contextmanager
from typing import NamedTuple

from api.kernels import KernelsBeside
from api.market_beside import MarketBeside


class Beside(NamedTuple):
    """The help of a start."""

    market: MarketBeside
    kernels: KernelsBeside


@contextmanager
def help_beside(database_url: str) -> Iterator[Beside]:
    """Begin both at once, and end what is not done when all is over."""
    with closing(MarketBeside(database_url)) as market, closing(KernelsBeside()) as kernels:
        yield Beside(market, kernels)
