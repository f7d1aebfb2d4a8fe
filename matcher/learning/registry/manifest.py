"""What an artefact says of itself; nothing of it may differ when the model is read again."""

import json
import platform
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from importlib.metadata import version
from typing import Any, Final

from matcher.learning.registry.training import Training, file_digest

LIBRARIES: Final = ("numpy", "scikit-learn", "scipy", "skops")
"""Libraries whose version decides what a stored model computes."""


class ArtefactRefused(ValueError):  # noqa: N818 - reads as what it is
    """A stored model that is not what it says, or not what is asked for.

    Parameters
    ----------
    artefact
        Its version or folder.
    what
        What does not match.
    expected, found
        Both sides.
    """

    def __init__(self, artefact: str, what: str, expected: object, found: object) -> None:
        self.artefact, self.what, self.expected, self.found = artefact, what, expected, found
        super().__init__(f"{artefact}: {what}: expected {expected}, found {found}")


@dataclass(frozen=True)
class Description:
    """What whoever trains a model says of it.

    Parameters
    ----------
    name
        Of the kind of model; the version begins with it.
    schema
        Names of the columns, in order.
    trained_by
        Who trained it.
    created_at
        When, in ISO form.
    seed
        Of the training.
    directions
        +1, -1 or 0 by column; columns left out are free.
    metrics
        Figures from training, by name.
    """

    name: str
    schema: tuple[str, ...]
    trained_by: str
    created_at: str
    seed: int
    directions: Mapping[str, int] = field(default_factory=dict)
    metrics: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True)
class Manifest:
    """A description with all that belongs to the files.

    Parameters
    ----------
    description
        By whoever trained it.
    training
        Facts of the training rows.
    files
        SHA-256 of each file by name.
    types
        Types in the model that skops does not trust by itself.
    versions
        Of Python and of the libraries that compute.
    """

    description: Description
    training: Mapping[str, Any]
    files: Mapping[str, str]
    types: tuple[str, ...]
    versions: Mapping[str, str]

    @classmethod
    def of(
        cls,
        description: Description,
        training: Training,
        files: Mapping[str, bytes],
        types: Sequence[str],
    ) -> "Manifest":
        """Return the manifest of files written now by these libraries."""
        sums = {name: file_digest(content) for name, content in files.items()}
        return cls(description, training.facts(), sums, tuple(sorted(types)), library_versions())

    @property
    def version(self) -> str:
        """Name and a digest of everything in the manifest."""
        return f"{self.description.name}-{file_digest(self.as_bytes())[:16]}"

    def as_bytes(self) -> bytes:
        """Return the manifest as JSON."""
        return (json.dumps(asdict(self), indent=2, sort_keys=True) + "\n").encode()

    @classmethod
    def from_bytes(cls, content: bytes) -> "Manifest":
        """Return what :meth:`as_bytes` was made from."""
        given = json.loads(content)
        told = given["description"]
        description = Description(**{**told, "schema": tuple(told["schema"])})
        return cls(**{**given, "description": description, "types": tuple(given["types"])})


def library_versions() -> dict[str, str]:
    """Return the versions of Python and of the libraries that compute."""
    major, minor, _ = platform.python_version_tuple()
    return {"python": f"{major}.{minor}", **{name: version(name) for name in LIBRARIES}}
