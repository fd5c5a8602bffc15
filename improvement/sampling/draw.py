"""Draws schools with chances proportional to their weight, so that anybody can draw them again.

Systematic sampling with unequal probabilities (Madow 1949), from an order that the seed shuffles
within each stratum (Hartley and Rao 1962): the weights are laid end to end, and from a random
start every X-th place is taken. Whole numbers only: a chance is exact, not a float.
"""

from collections.abc import Iterable, Iterator, Sequence
from fractions import Fraction
from hashlib import sha256
from typing import NamedTuple

_RANGE = 1 << 256


class Unit(NamedTuple):
    """A school that can be drawn; ``stratum`` sorts as the strata are laid end to end."""

    code: str
    stratum: tuple[int, ...]
    weight: int


class Line(NamedTuple):
    """A stratum: how many schools it has, how many are expected in the sample and were drawn."""

    stratum: tuple[int, ...]
    size: int
    expected: Fraction
    drawn: int


def draw(frame: Iterable[Unit], count: int, seed: str) -> tuple[str, ...]:
    """Codes of the schools drawn, sorted; each with exactly the chance ``chances`` states.

    The same frame, count and seed draw the same schools in whatever order the frame comes.
    """
    certain, others, left = split(frame, count)
    order = sorted(others, key=lambda unit: (unit.stratum, number(seed, unit.code)))
    total = sum(unit.weight for unit in others)
    start = number(seed, "start") * total // _RANGE
    chosen = sweep([unit.weight for unit in order], left, start)
    return tuple(sorted([unit.code for unit in certain] + [order[at].code for at in chosen]))


def sweep(weights: Sequence[int], count: int, start: int) -> Iterator[int]:
    """Places whose stretch, ``count`` × weight long, holds one of start, start + X, start + 2X …

    X is the sum of the weights and ``start`` one of 0 … X - 1. No weight × count exceeds X, so
    that no place is taken twice and ``count`` places are.
    """
    total, end = sum(weights), 0
    for place, weight in enumerate(weights):
        begin, end = end, end + count * weight
        if (end - 1 - start) // total > (begin - 1 - start) // total:
            yield place


def chances(frame: Iterable[Unit], count: int) -> dict[str, Fraction]:
    """The inclusion probability of every school; together they are ``count``."""
    certain, others, left = split(frame, count)
    total = sum(unit.weight for unit in others)
    found = {unit.code: Fraction(1) for unit in certain}
    return found | {unit.code: Fraction(left * unit.weight, total) for unit in others}


def split(frame: Iterable[Unit], count: int) -> tuple[list[Unit], list[Unit], int]:
    """Schools that are drawn for certain, the others, and how many of these are to be drawn.

    A school whose share would exceed 1 is certain; without it the others' shares are anew.
    """
    others = sorted(frame, key=lambda unit: (-unit.weight, unit.code))
    total, left = sum(unit.weight for unit in others), min(count, len(others))
    certain: list[Unit] = []
    while left and others[len(certain)].weight * left >= total:
        certain.append(others[len(certain)])
        total, left = total - certain[-1].weight, left - 1
    return certain, others[len(certain) :], left


def allocation(frame: Sequence[Unit], count: int, chosen: Iterable[str] = ()) -> list[Line]:
    """Stratum by stratum; those drawn beside the certain ones differ from what is expected by
    less than one."""
    share, drawn = chances(frame, count), {*chosen}
    strata: dict[tuple[int, ...], list[str]] = {}
    for unit in sorted(frame, key=lambda unit: unit.stratum):
        strata.setdefault(unit.stratum, []).append(unit.code)
    return [
        Line(
            stratum,
            len(codes),
            sum((share[code] for code in codes), Fraction()),
            len(drawn & {*codes}),
        )
        for stratum, codes in strata.items()
    ]


def number(seed: str, word: str) -> int:
    """A uniform number below 2^256: SHA-256 of seed and word, the same on every machine."""
    return int.from_bytes(sha256(f"{seed}|{word}".encode()).digest(), "big")


def digest_of(frame: Iterable[Unit], count: int) -> str:
    """SHA-256 of everything but the seed that decides who is drawn."""
    lines = sorted("|".join(map(str, (u.code, *u.stratum, u.weight))) for u in frame)
    return sha256("\n".join([str(count), *lines]).encode()).hexdigest()
