"""The example of each figure that is right is read as it stands; the wrong one is refused."""

import pytest

from figures.examples import examples_of
from figures.table import OFFERED_ITEMS, SCHOOL_FIELDS, TEXT, Figure
from workbooks.values import Cell, read_value

FIGURES = (*SCHOOL_FIELDS, *OFFERED_ITEMS.values())


@pytest.mark.parametrize("figure", FIGURES, ids=lambda figure: figure.code)
def test_examples_are_what_they_say(figure: Figure) -> None:
    right, wrong = (read_value(figure, Cell(text)) for text in examples_of(figure))
    assert not right.failed
    assert right.value is not None
    # A name may be any words: only a person sees that 见备注 is none.
    assert wrong.failed or figure.kind == TEXT
