"""与您相近的区县: distances worked out by hand with powers of two."""

import pytest

from schedule.alike import Profile, likeness, most_alike


def unit(code: str, schools: int, town: int = 0, rural: int = 0, urban: int = 0) -> Profile:
    return Profile(code, schools, {"城区": urban, "镇区": town, "乡村": rural})


OURS = unit("500100", 100, urban=500, town=300, rural=200)


def test_twice_the_pupils_and_a_quarter_of_the_schools() -> None:
    found = likeness(OURS, unit("500101", 25, urban=1000, town=600, rural=400))
    assert (found.pupils, found.schools, found.mix) == (1.0, 2.0, pytest.approx(0))
    assert found.distance == pytest.approx(3)


def test_the_mix_counts_what_would_have_to_move() -> None:
    # Of the same 1,000 pupils a quarter lives in a village instead of the city: 2 × 0.25.
    found = likeness(OURS, unit("500102", 100, urban=250, town=300, rural=450))
    assert (found.pupils, found.schools) == (0, 0)
    assert found.mix == pytest.approx(0.5)


def test_it_does_not_matter_who_asks() -> None:
    other = unit("500103", 40, urban=10, town=20, rural=30)
    assert likeness(OURS, other).distance == pytest.approx(likeness(other, OURS).distance)


def test_the_nearest_first_at_most_five_and_never_itself() -> None:
    bigger = [unit(f"50011{n}", 100, urban=500 * 2**n, town=300 * 2**n, rural=200 * 2**n)
              for n in range(1, 8)]  # fmt: skip
    twin = unit("500109", 100, urban=2000, town=1200, rural=800)  # as far as 500112
    nothing = unit("500099", 0)
    found = most_alike(OURS, [*reversed(bigger), OURS, nothing, twin])
    assert [each.profile.code for each in found] == [
        *("500111", "500109", "500112", "500113", "500114"),
    ]
    assert [round(each.distance, 6) for each in found] == [1, 2, 2, 3, 4]
