"""A line of a table as it was read: every value with the cell it came from."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import NamedTuple

from .values import Value


class Answer(NamedTuple):
    """One value with the cell it stood in and the text as typed; ``failed`` when unreadable."""

    value: Value
    cell: str = ""
    raw: str = ""
    failed: bool = False


NO_ANSWER = Answer(None)


@dataclass(frozen=True)
class Row:
    """One line of a sheet by column code. ``not_asked`` are the fields of stages it lacks."""

    sheet: str
    number: int
    answers: Mapping[str, Answer]
    not_asked: frozenset[str] = frozenset()

    def answer(self, code: str) -> Answer:
        return self.answers.get(code, NO_ANSWER)

    def value(self, code: str) -> Value:
        return self.answer(code).value

    def amount(self, code: str) -> Decimal | None:
        """The figure as a number; None when blank, 不适用 or unreadable."""
        return self.amounts.get(code)

    # The checks ask for these again and again, so they are worked out once.
    @cached_property
    def amounts(self) -> Mapping[str, Decimal]:
        """Every figure that is a number."""
        return {
            code: value if type(value) is Decimal else Decimal(value)
            for code, answer in self.answers.items()
            if isinstance(value := answer.value, Decimal | int)
        }
