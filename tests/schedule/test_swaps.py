"""Exchanging planned years: by hand, and against every exchange there is."""

from collections import Counter
from itertools import permutations

from hypothesis import given, settings
from hypothesis import strategies as st

from schedule.swaps import NEVER, Candidate, Move, advise


def test_two_units_exchange() -> None:
    """A is ready in 2028 and planned for 2026 (2 late), B the other way round (0)."""
    found = advise([Candidate("A", 2026, 2028), Candidate("B", 2028, 2026)])
    assert found.moves == (Move("A", 2026, 2028), Move("B", 2028, 2026))
    assert (found.late_before, found.late_after, found.saved) == (2, 0, 2)


def test_nothing_moves_where_nothing_is_won() -> None:
    """A is ready in 2027 already: in 2028's place B would be early as well, nobody less late."""
    assert advise([Candidate("A", 2027, 2027), Candidate("B", 2028, 2026)]).moves == ()


def test_a_gap_that_does_not_close_is_late_in_every_year() -> None:
    found = advise([Candidate("A", 2026, None), Candidate("B", 2028, 2026)])
    assert (found.moves, found.late_after) == ((), NEVER)


def test_one_year_leaves_nothing_to_exchange() -> None:
    assert advise([Candidate("A", 2026, 2028)]).moves == ()
    assert advise([]).late_before == 0


_units = st.lists(
    st.tuples(st.integers(2026, 2030), st.one_of(st.none(), st.integers(2025, 2033))),
    min_size=1,
    max_size=6,
).map(lambda found: [Candidate(str(at), *years) for at, years in enumerate(found)])


@settings(max_examples=60, deadline=None)
@given(_units)
def test_no_exchange_is_better(units: list[Candidate]) -> None:
    found = advise(units)
    new = {each.code: each.planned for each in units} | {m.code: m.new for m in found.moves}
    assert Counter(new.values()) == Counter(each.planned for each in units)

    def worth(years: tuple[int, ...]) -> tuple[int, int]:
        pairs = list(zip(units, years, strict=True))
        moved = sum(each.planned != year for each, year in pairs)
        return sum(each.late_in(year) for each, year in pairs), moved

    best = min(worth(years) for years in set(permutations(each.planned for each in units)))
    assert (found.late_after, len(found.moves)) == best
