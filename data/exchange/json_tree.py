"""JSON files, bounded in size and depth."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from data.exchange.problem import ImportRefused, shorten
from data.exchange.spreadsheet import read_bytes

__all__ = ["read_json"]

DEEPEST = 40
MOST_NODES = 3_000_000
LONGEST_INTEGER = 18


def read_json(path: str | os.PathLike[str]) -> Any:
    """Return the tree of a JSON file in UTF-8.

    Parameters
    ----------
    path
        The file.

    Raises
    ------
    ImportRefused
        Not UTF-8, not JSON, or nested or long beyond reason.
    """
    name = shorten(Path(path).name)
    content = read_bytes(path)
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise ImportRefused(
            f"{name}: byte 0x{content[error.start]:02X} at {error.start} is not UTF-8"
        ) from None
    try:
        tree = json.loads(text, parse_constant=_no_constant, parse_int=_number)
    except RecursionError:
        raise ImportRefused(f"{name}: nested too deeply") from None
    except ValueError as error:
        raise ImportRefused(f"{name}: not valid JSON: {shorten(error)}") from None
    _check_size(tree, name)
    return tree


def _no_constant(word: str) -> None:
    raise ValueError(f"{word} is no JSON number")


def _number(digits: str) -> int | float:
    return int(digits) if len(digits) < LONGEST_INTEGER else float(digits)


def _check_size(tree: Any, name: str) -> None:
    level = [tree]
    nodes = 0
    for depth in range(DEEPEST + 2):
        if not level:
            return
        nodes += len(level)
        if nodes > MOST_NODES or depth > DEEPEST:
            raise ImportRefused(
                f"{name}: more than {MOST_NODES:,} values, or nested over {DEEPEST} deep"
            )
        level = [child for node in level for child in _children(node)]


def _children(node: Any) -> Iterator[Any]:
    if isinstance(node, dict):
        yield from node.values()
    elif isinstance(node, list):
        yield from node
