"""Column mapping files: shipped ones by name, a user's own by path."""

from __future__ import annotations

import os
import tomllib
from importlib import resources
from importlib.resources.abc import Traversable
from pathlib import Path

from data.exchange.mapping_rules import MappingRules, did_you_mean
from data.exchange.problem import ImportRefused, shorten
from data.exchange.spreadsheet import read_bytes
from data.exchange.table_map import TableMap

__all__ = ["load_mapping", "parse_mapping"]


def load_mapping(name_or_path: str | os.PathLike[str]) -> TableMap:
    """Load a shipped mapping by name (`camhr`, `template`, `oscar`) or a TOML file by path.

    Parameters
    ----------
    name_or_path
        Name without a suffix, or path of a `.toml` file.

    Raises
    ------
    ImportRefused
        No such mapping, or a mapping with mistakes; all of them are listed.
    """
    path = Path(name_or_path)
    if path.suffix == ".toml" or len(path.parts) > 1:
        return parse_mapping(_decoded(read_bytes(path), path.name), path.stem)
    shipped = {item.name[:-5]: item for item in _shipped().iterdir() if item.name.endswith(".toml")}
    if path.name not in shipped:
        raise ImportRefused(
            f"no mapping named {shorten(path.name)!r}{did_you_mean(path.name, shipped)}; shipped "
            f"are {', '.join(sorted(shipped))}; a path must end in .toml"
        )
    return parse_mapping(shipped[path.name].read_text(encoding="utf-8"), path.name)


def _shipped() -> Traversable:
    return resources.files("data.exchange").joinpath("mappings")


def _decoded(content: bytes, name: str) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise ImportRefused(f"{shorten(name)}: a mapping is written in UTF-8") from None


def parse_mapping(text: str, name: str) -> TableMap:
    """Return the mapping that a TOML text holds.

    Parameters
    ----------
    text
        TOML.
    name
        Name for messages, and of the mapping where the text gives none.

    Raises
    ------
    ImportRefused
        Listing every mistake.
    """
    try:
        tree = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError, ValueError) as error:
        raise ImportRefused(f"{shorten(name)}: not valid TOML: {shorten(error)}") from None
    reading = MappingRules()
    mapping = reading.table_map(tree, name)
    if reading.problems:
        raise ImportRefused(
            f"{shorten(name)}: the mapping has {len(reading.problems)} mistake(s): "
            f"{reading.problems[0]}",
            reading.problems,
        )
    return mapping
