"""Properties of reading values that hold for any text and any number."""

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from workbooks.entry import Entry
from workbooks.values import Cell, matching_form, read_value
from workbooks.values.words import FULL_WIDTH

KINDS = (
    *("text", "choice", "count", "decimal", "code", "level", "ratio"),
    *("amount", "day", "year"),
)
COUNT = Entry("x", "某栏", "count", "人", limit=1_000_000)
DECIMAL = Entry("x", "某栏", "decimal", "万元", 4, 100_000_000)
WIDE = {value: chr(key) for key, value in FULL_WIDTH.items() if chr(key) not in "−–"}


def wide(text: str) -> str:
    return text.translate({ord(chr(key)): value for key, value in WIDE.items()})


@given(st.sampled_from(KINDS), st.text(max_size=40))
def test_m23_any_text_is_read_or_refused_and_never_raises(kind: str, text: str) -> None:
    parsed = read_value(Entry("x", "某栏", kind, choices=("是", "否")), Cell(text))
    assert parsed.failed <= bool(parsed.remarks)
    assert not (parsed.failed and parsed.value is not None)


@given(st.sampled_from(KINDS), st.one_of(st.floats(), st.integers(), st.datetimes(), st.times()))
def test_any_stored_value_is_read_or_refused(kind: str, value: object) -> None:
    parsed = read_value(Entry("x", "某栏", kind), Cell(value))  # type: ignore[arg-type]
    assert not (parsed.failed and parsed.value is not None)


@given(st.text(min_size=1, max_size=12))
def test_m23_a_number_is_only_read_from_its_own_digits(text: str) -> None:
    """Whatever counts as a number must spell it: no other digits, no code, no guesses."""
    parsed = read_value(COUNT, Cell(text))
    if parsed.value is None:
        return
    digits = [c for c in text.translate(FULL_WIDTH) if c in "0123456789"]
    assert digits
    unchanged = parsed.remarks[0].kind.code == "read_as"
    if unchanged and "." not in text.translate(FULL_WIDTH):
        assert int("".join(digits)) == parsed.value


@given(st.integers(min_value=0, max_value=1_000_000))
def test_counts_survive_every_harmless_way_of_writing(number: int) -> None:
    forms = (str(number), f"{number:,}", f" {number}\u3000", wide(str(number)), f"{number}.0")
    for form in (*forms, f"\ufeff{number}\u200b", f"{number}人"):
        assert read_value(COUNT, Cell(form)).value == number


@given(st.decimals(min_value=0, max_value=10**6, places=4, allow_nan=False))
def test_decimals_are_exact(number: Decimal) -> None:
    for form in (str(number), f"{number:,}", wide(str(number)), f"{number}万元"):
        assert read_value(DECIMAL, Cell(form)).value == number


@given(st.floats(min_value=0, max_value=10**6, allow_nan=False))
def test_stored_floats_round_to_what_they_show(number: float) -> None:
    parsed = read_value(DECIMAL, Cell(number))
    assert isinstance(parsed.value, Decimal)
    assert abs(parsed.value - Decimal(repr(number))) <= Decimal("0.00005")


@given(st.integers(min_value=1, max_value=10**6))
def test_negatives_are_never_read_as_their_opposite(number: int) -> None:
    for sign in "-−－":
        assert read_value(COUNT, Cell(f"{sign}{number}")).failed
    assert read_value(COUNT, Cell(-number)).failed


@given(st.text(max_size=30))
def test_matching_form_is_stable(text: str) -> None:
    assert matching_form(matching_form(text)) == matching_form(text)
