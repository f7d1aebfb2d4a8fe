"""Ids of slates: never twice, in the order of time, and well-formed."""

import time
from uuid import RFC_4122, UUID

from models.slate import new_slate_id


def test_ids_of_slates_are_versioned_and_never_repeat() -> None:
    made = [new_slate_id() for _ in range(5_000)]
    assert len(set(made)) == len(made)
    assert {(len(one), UUID(hex=one).version, UUID(hex=one).variant) for one in made} == {
        (32, 7, RFC_4122)
    }


def test_a_later_slate_has_a_greater_id() -> None:
    made = []
    for _ in range(20):
        made.append(new_slate_id())
        time.sleep(0.002)
    assert made == sorted(made)
    told = int(made[-1][:12], 16) / 1e3
    assert abs(told - time.time()) < 60
