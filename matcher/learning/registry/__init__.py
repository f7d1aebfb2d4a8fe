"""Stored models: artefacts that match in every byte, and the ledger of which one is active."""

from matcher.learning.registry.artefact import TRUSTED, Artefact, read, write
from matcher.learning.registry.ledger import EXPERT, Action, Event, Ledger, NotAllowed
from matcher.learning.registry.manifest import ArtefactRefused, Description, Manifest
from matcher.learning.registry.store import Registry
from matcher.learning.registry.training import Training

__all__ = [
    "EXPERT",
    "TRUSTED",
    "Action",
    "Artefact",
    "ArtefactRefused",
    "Description",
    "Event",
    "Ledger",
    "Manifest",
    "NotAllowed",
    "Registry",
    "Training",
    "read",
    "write",
]
