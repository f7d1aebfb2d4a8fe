import math

import pytest

from data.demo.dice import Dice, Stream, Table, even_pair


def test_the_same_record_rolls_the_same_numbers():
    rolls = [[Dice(7, Stream.CLIENT, 3).unit() for _ in range(2)] for _ in range(2)]
    assert rolls[0] == rolls[1]


@pytest.mark.parametrize(
    ("seed", "stream", "number"),
    [
        (8, Stream.CLIENT, 3),  # another world
        (7, Stream.HOUSEHOLD, 3),  # another kind of record
        (7, Stream.CLIENT, 4),  # another record
    ],
)
def test_another_record_rolls_other_numbers(seed: int, stream: Stream, number: int):
    assert Dice(seed, stream, number).unit() != Dice(7, Stream.CLIENT, 3).unit()


def test_dice_do_not_run_out():
    dice = Dice(7, Stream.CLIENT, 0)
    rolls = [dice.unit() for _ in range(1000)]
    assert len(set(rolls)) == 1000
    assert all(0 <= roll < 1 for roll in rolls)


def test_a_table_is_drawn_from_by_weight():
    dice, table = Dice(7, Stream.WORLD, 0), Table({"often": 3.0, "never": 0.0, "rarely": 1.0})
    drawn = [dice.draw(table) for _ in range(4000)]
    assert drawn.count("often") / 4000 == pytest.approx(0.75, abs=0.03)
    assert "never" not in drawn


@pytest.mark.parametrize("weights", [{}, {"a": -1.0}, {"a": 0.0}])
def test_a_table_refuses_weights_that_cannot_be_drawn(weights: dict[str, float]):
    with pytest.raises(ValueError, match="weight"):
        Table(weights)


def test_some_are_different_and_in_order():
    dice = Dice(7, Stream.WORLD, 1)
    for _ in range(50):
        chosen = dice.some(range(10), 4)
        assert chosen == sorted(set(chosen))
        assert len(chosen) == 4
    assert dice.some("ab", 5) == ["a", "b"]


def test_spread_has_its_median():
    dice = Dice(7, Stream.WORLD, 2)
    values = sorted(dice.spread(100.0, 0.5) for _ in range(2001))
    assert values[1000] == pytest.approx(100, rel=0.05)
    assert math.isfinite(values[-1])


def test_even_pairs_hit_every_cell_of_a_grid_early():
    cells = {(int(a * 5), int(b * 5)) for a, b in (even_pair((0.2, 0.7), i) for i in range(100))}
    assert len(cells) == 25
