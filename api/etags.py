"""Versions on the wire: ``ETag`` with every case and offer, ``If-Match`` with every change."""

from typing import Annotated

from fastapi import Header

from api.failures import VersionMissing, VersionStale

IfMatch = Annotated[
    str | None,
    Header(
        description="The ETag of what was read; a change without it is refused.",
        max_length=100,
        examples=['"1"'],
    ),
]


def etag(version: int) -> str:
    """Return the entity tag of a version.

    Examples
    --------
    >>> etag(3)
    '"3"'
    """
    return f'"{version}"'


def require_version(sent: str | None, version: int) -> None:
    """Raise unless the change was made from the newest version.

    Raises
    ------
    VersionMissing
        Where no version was sent.
    VersionStale
        Where another is the newest.
    """
    if sent is None:
        raise VersionMissing
    if etag(version) not in [tag.strip() for tag in sent.split(",")]:
        raise VersionStale
