"""Reference tables, their readers, exchange formats and the seeded demonstration data."""

from data.errors import AmbiguousPlace, InvalidTable, PlaceNotFound, Problem
from data.places import Gazetteer, Place
from data.reference import Reference, read_reference

__all__ = [
    "AmbiguousPlace",
    "Gazetteer",
    "InvalidTable",
    "Place",
    "PlaceNotFound",
    "Problem",
    "Reference",
    "read_reference",
]
