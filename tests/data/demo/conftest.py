import pytest

from data import Reference, demo, read_reference


@pytest.fixture(scope="session")
def reference() -> Reference:
    return read_reference()


@pytest.fixture(scope="session")
def world(reference: Reference) -> demo.World:
    """The world of the README and the demo."""
    return demo.world(clients=2000, opportunities=10000, seed=7)
