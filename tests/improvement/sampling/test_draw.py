"""The draw: worked by hand, held against its stated chances, the same wherever it is made."""

import json
import subprocess
import sys
from collections import Counter
from collections.abc import Sequence
from fractions import Fraction
from statistics import NormalDist

import pytest
from hypothesis import given
from hypothesis import strategies as st

from improvement.sampling.draw import (
    Unit,
    allocation,
    chances,
    digest_of,
    draw,
    number,
    split,
    sweep,
)
from improvement.sampling.risk import points_of, weight_of

# Forty schools in six strata, weights from 1 to 17.
FORTY = [
    Unit(f"21{place:08d}", (place % 3, place % 2), 1 + place * 7 % 17) for place in range(1, 41)
]
FRAMES = st.lists(
    st.tuples(st.integers(0, 2), st.integers(0, 2), st.integers(1, 60)), min_size=1, max_size=25
).map(
    lambda rows: [
        Unit(f"21{place:08d}", (stage, location), weight)
        for place, (stage, location, weight) in enumerate(rows)
    ]
)


def units(*weights: int) -> list[Unit]:
    return [Unit(str(place), (0,), weight) for place, weight in enumerate(weights)]


@pytest.mark.parametrize(
    ("start", "taken"),
    [
        (0, [0, 2]),  # 0 and 10 lie in 0–1 and 6–11
        (1, [0, 2]),
        (2, [1, 3]),  # 2 and 12 lie in 2–5 and 12–19
        (5, [1, 3]),
        (6, [2, 3]),
        (9, [2, 3]),
    ],
)
def test_two_of_four_by_hand(start: int, taken: list[int]) -> None:
    # Weights 1, 2, 3, 4: X is 10; doubled and laid end to end 0–1, 2–5, 6–11, 12–19.
    assert list(sweep([1, 2, 3, 4], 2, start)) == taken


def test_over_all_starts_each_is_taken_as_often_as_its_share_says() -> None:
    taken = Counter(place for start in range(10) for place in sweep([1, 2, 3, 4], 2, start))
    assert taken == {0: 2, 1: 4, 2: 6, 3: 8}


def test_chances_by_hand() -> None:
    assert chances(units(1, 2, 3, 4), 2) == {
        "0": Fraction(1, 5),
        "1": Fraction(2, 5),
        "2": Fraction(3, 5),
        "3": Fraction(4, 5),
    }


def test_a_share_beyond_one_is_certain_and_the_others_share_the_rest() -> None:
    # 3 of 1, 1, 2, 8: 8 × 3 > 12 is certain; of the rest 2 × 2 = 4 is just certain too.
    assert chances(units(1, 1, 2, 8), 3) == {
        "3": 1,
        "2": 1,
        "0": Fraction(1, 2),
        "1": Fraction(1, 2),
    }
    certain, others, left = split(units(1, 1, 2, 8), 3)
    assert [unit.code for unit in certain] == ["3", "2"]
    assert [unit.code for unit in others] == ["0", "1"]
    assert left == 1


def test_more_than_there_are_is_all_of_them() -> None:
    assert draw(units(1, 5, 2), 7, "any") == ("0", "1", "2")
    assert draw([], 3, "any") == ()
    assert draw(units(1, 2), 0, "any") == ()


def test_strata_by_hand() -> None:
    frame = [Unit("a", (0,), 1), Unit("b", (0,), 2), Unit("c", (1,), 3), Unit("d", (1,), 4)]
    first, second = allocation(frame, 2, ["b", "d"])
    assert (first.stratum, first.size, first.expected, first.drawn) == ((0,), 2, Fraction(3, 5), 1)
    assert (second.stratum, second.size, second.expected) == ((1,), 2, Fraction(7, 5))
    assert second.drawn == 1


def test_numbers_are_those_of_sha_256() -> None:
    printed = subprocess.run(
        ["sha256sum"],  # noqa: S607
        input=b"seed|start",
        capture_output=True,
        check=True,
    )
    assert number("seed", "start") == int(printed.stdout.split()[0], 16)


def test_same_seed_and_register_same_schools_in_another_process() -> None:
    rows = json.dumps([list(unit) for unit in FORTY])
    program = (
        "import json, sys; from improvement.sampling.draw import Unit, draw;"
        "rows = [Unit(c, tuple(s), w) for c, s, w in json.load(sys.stdin)];"
        "print(*draw(reversed(rows), 8, '2026-沙坪坝'))"
    )
    found = subprocess.run(  # noqa: S603
        [sys.executable, "-c", program],
        input=rows,
        capture_output=True,
        check=True,
        text=True,
        env={"PYTHONHASHSEED": "17", "PYTHONUTF8": "1", "PYTHONPATH": "."},
    )
    assert tuple(found.stdout.split()) == draw(FORTY, 8, "2026-沙坪坝")


@pytest.mark.parametrize("seed", ["2026", "渝督导", "0f3a"])
def test_over_ten_thousand_draws_each_school_comes_as_often_as_stated(seed: str) -> None:
    """All forty schools at once: a bound each by Bonferroni, one in a thousand for all three."""
    draws, stated = 10_000, chances(FORTY, 8)
    came = Counter(code for place in range(draws) for code in draw(FORTY, 8, f"{seed}/{place}"))
    reach = NormalDist().inv_cdf(1 - 0.001 / (2 * 3 * len(FORTY)))
    for code, share in stated.items():
        bound = reach * float(share * (1 - share) / draws) ** 0.5
        assert abs(came[code] / draws - share) <= bound, code


@given(FRAMES, st.integers(0, 30), st.text(max_size=8))
def test_any_frame(frame: Sequence[Unit], count: int, seed: str) -> None:
    share, drawn = chances(frame, count), draw(frame, count, seed)
    wanted = min(count, len(frame))
    assert sum(share.values()) == wanted
    assert all(0 < each <= 1 for each in share.values()) or not count
    assert len(drawn) == len({*drawn}) == wanted
    assert {code for code, each in share.items() if each == 1} <= {*drawn}
    assert draw(list(reversed(frame)), count, seed) == drawn
    lines = allocation(frame, count, drawn)
    assert sum(line.drawn for line in lines) == sum(line.expected for line in lines) == wanted
    assert all(abs(line.drawn - line.expected) < 1 for line in lines)


@given(FRAMES, st.integers(1, 30))
def test_every_start_together_takes_each_as_often_as_stated(
    frame: Sequence[Unit], count: int
) -> None:
    _certain, others, left = split(frame, count)
    weights = [unit.weight for unit in others]
    taken = Counter(place for start in range(sum(weights)) for place in sweep(weights, left, start))
    assert taken == Counter({at: left * weight for at, weight in enumerate(weights)})


def test_heavier_schools_are_likelier() -> None:
    share = chances(FORTY, 8)
    for one in FORTY:
        for other in FORTY:
            assert one.weight <= other.weight or share[one.code] > share[other.code]


def test_the_digest_names_everything_but_the_seed() -> None:
    known = digest_of(FORTY, 8)
    assert known == digest_of(list(reversed(FORTY)), 8)
    assert known != digest_of(FORTY, 9)
    assert known != digest_of([FORTY[0]._replace(weight=99), *FORTY[1:]], 8)
    assert known != digest_of([FORTY[0]._replace(stratum=(9,)), *FORTY[1:]], 8)


def test_weights_by_hand() -> None:
    assert weight_of({}) == 1
    assert weight_of({"unvisited": 1}) == 3
    # One stage fails (3), five indicators below their floor (3 at most), nobody was there (2).
    assert weight_of({"failing": 2, "below": 5, "unvisited": 1}) == 9
    assert (
        weight_of({"unknown": 4, "borderline": 3, "jump": 2, "explained": 1}) == 1 + 2 + 2 + 2 + 1
    )
    assert points_of("below", 2) == 2
