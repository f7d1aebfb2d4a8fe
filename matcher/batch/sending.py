"""The world on its way to workers: bytes whose arrays are used where they lie.

Workers of this machine map one file and share its pages; others get the same bytes by the network.
Arrays can be written on as at home: kernels are compiled anew for arrays that can't.
"""

import mmap
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from distributed.protocol.pickle import dumps, loads

ALIGNED_BYTES = 64
"""Where an array may begin: at a line of the processor's cache."""

_SIZE = np.dtype(np.int64)


@dataclass(frozen=True)
class Sent:
    """Something on its way to every worker, which opens it once and keeps it.

    Parameters
    ----------
    name
        Tells it from others of its sort: what has the same name is the same.
    build
        Code and libraries that the results are promised for.
    content
        The thing in bytes, or the file that holds them.
    """

    name: str
    build: dict[str, str]
    content: bytes | Path


def packed(world: Any) -> Iterator[Any]:
    """Yield the bytes of a value piece by piece: sizes, what refers to its arrays, the arrays."""
    arrays: list[Any] = []
    pieces = [dumps(world, buffer_callback=arrays.append), *(array.raw() for array in arrays)]
    sizes = np.array([len(pieces), *map(len, pieces)], dtype=_SIZE)
    for piece in (sizes.tobytes(), *pieces):
        yield piece
        yield bytes(-len(piece) % ALIGNED_BYTES)


def unpacked(content: bytes | Path) -> Any:
    """Return the value of packed bytes, or of a file of them, which is mapped and never changed."""
    if isinstance(content, Path):
        with content.open("rb") as file:
            return _opened(mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_COPY))
    return _opened(bytearray(content))


def _opened(content: "mmap.mmap | bytearray") -> Any:
    whole = memoryview(content)
    count = int(np.frombuffer(whole, _SIZE, 1)[0])
    sizes = np.frombuffer(whole, _SIZE, count + 1)
    lengths = [sizes.nbytes, *sizes[1:].tolist()]
    room = [length + -length % ALIGNED_BYTES for length in lengths]
    starts = np.cumsum([0, *room]).tolist()
    pieces = [whole[at : at + length] for at, length in zip(starts[1:-1], lengths[1:], strict=True)]
    return loads(pieces[0], buffers=pieces[1:])
