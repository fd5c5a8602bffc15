"""The gate: its tickets end, cannot be made up, and give codes nobody guesses."""

from hypothesis import given
from hypothesis import strategies as st

from improvement.voices import gate

NOW = 1_795_000_000.0
HOUR = 3600


def test_a_ticket_says_its_age_and_ends_after_twelve_hours() -> None:
    text = gate.new_ticket(NOW)
    for later, age in ((0, 0), (4, 4), (12 * HOUR, 12 * HOUR)):
        ticket = gate.read_ticket(text, NOW + later)
        assert ticket is not None
        assert ticket.age == age
    assert gate.read_ticket(text, NOW + 12 * HOUR + 1) is None


@given(st.text(max_size=120))
def test_what_we_have_not_signed_is_no_ticket(text: str) -> None:
    assert gate.read_ticket(text, NOW) is None


def test_a_changed_ticket_is_none() -> None:
    text = gate.new_ticket(NOW)
    assert gate.read_ticket(text[:-1] + ("A" if text[-1] != "A" else "B"), NOW) is None


def test_each_ticket_has_one_code_and_no_two_the_same() -> None:
    tickets = [gate.new_ticket(NOW) for _ in range(500)]
    codes = [gate.code_of(ticket) for ticket in tickets]
    assert len(set(codes)) == 500
    assert gate.code_of(tickets[0]) == codes[0]
    assert {len(code) for code in codes} == {26}
    assert not set("".join(codes)) & set("01IO")


@given(st.integers(min_value=0), st.sampled_from(["", " ", "-", "－"]), st.booleans())
def test_a_code_is_read_however_it_is_written_down(salt: int, between: str, small: bool) -> None:
    code = gate.code_of(str(salt))
    assert gate.in_groups(code).replace("-", "") == code
    typed = between.join(code)
    assert gate.as_kept(typed.lower() if small else typed) == code
    assert gate.as_kept(code[:-1]) == gate.as_kept(code + "2") == ""
    assert gate.as_kept(code[:-1] + "0") == ""
