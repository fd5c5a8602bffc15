"""What readers ask for in the drills of a last day and of a long one; those serve and time it."""

import pytest

from drills.load_parts.crowd import Seen, mix, part


def test_the_mix_is_of_a_hundred_parts() -> None:
    assert sum(asked.parts for asked in mix()) == 100


def test_what_nine_of_ten_do_not_exceed() -> None:
    assert part([0.01 * n for n in range(1, 11)], 0.8) == pytest.approx(90)
    assert part([0.5], 0.95) == 500


@pytest.mark.parametrize(
    ("status", "is_well"), [(200, True), (304, True), (503, False), (0, False)]
)
def test_no_answer_and_being_sent_away_are_errors(status: int, is_well: bool) -> None:
    assert Seen("pages", 0, 0.1, status).is_well is is_well
