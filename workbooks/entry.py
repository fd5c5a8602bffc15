"""What a table asks: columns with their rules, and the lines in which it was answered."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import NamedTuple

from figures.table import CHOICE, CODE, COUNT, DECIMAL, LEVEL, NUMBERS, RATIO, TEXT, Figure

from .findings import N_, Message
from .grid import Value

Entry = Figure
# Kinds only tables have. An amount is a number that may also be written as a percentage.
AMOUNT, DAY, YEAR = "amount", "day", "year"

RULES: dict[str, str] = {
    TEXT: N_("文字"),
    CHOICE: N_("从列表里选：{choices}"),
    COUNT: N_("0 或以上的整数"),
    DECIMAL: N_("0 或以上的数，最多 {places} 位小数"),
    CODE: N_("10 位数字，单元格格式为文本"),
    LEVEL: N_("Ⅰ、Ⅱ、Ⅲ、Ⅳ 或 1 到 4"),
    RATIO: N_("0 到 1 之间的小数，或百分数"),
    AMOUNT: N_("0 或以上的数，最多 {places} 位小数"),
    DAY: N_("年-月-日，例如 2026-09-01"),
    YEAR: N_("四位年份"),
}
NUMBERED = N_("从列表里选，或填申报表的代码 1–{last}")
BETWEEN = N_("{first} 到 {last} 之间的年份")  # a year with choices: its first and its last


@dataclass(frozen=True, slots=True)
class Column(Figure):
    """A column of a table that comes without our template: what else its header may say."""

    aliases: tuple[str, ...] = ()
    limit: int = 1_000_000
    expected: bool = False

    @property
    def is_number(self) -> bool:
        return self.kind == AMOUNT or self.kind in NUMBERS

    @property
    def names(self) -> tuple[str, ...]:
        return (self.label, self.code, *self.aliases)


def rule_of(figure: Figure) -> Message:
    """What may be written, in one phrase."""
    if figure.kind == YEAR and figure.choices:
        return Message(BETWEEN, dict(zip(("first", "last"), figure.choices, strict=True)))
    if figure.numbered:
        return Message(NUMBERED, {"last": len(figure.choices)})
    template = RULES[figure.kind]
    params = {"choices": "、".join(figure.choices), "places": figure.places}
    used = {name: value for name, value in params.items() if f"{{{name}}}" in template}
    return Message(template, used)


def hint_of(figure: Figure) -> str:
    """Row 3 of the sheet: unit and rule, and whether 不适用 may be written."""
    unit = f"单位:{figure.unit}" if figure.unit else ""
    absent = "可填“不适用”" if figure.may_not_apply else ""
    return ";".join(filter(None, (unit, str(rule_of(figure)), absent)))


@dataclass(frozen=True)
class SheetLayout:
    """A sheet with one line per thing; ``key`` is the column that says which thing.

    ``lines`` are the keys the template offers, where they are fixed; what the ``answer`` column
    asks then depends on the line.
    """

    name: str
    key: str
    columns: tuple[Figure, ...]
    lines: tuple[str, ...] = ()
    answer: str = ""

    @cached_property
    def by_code(self) -> dict[str, Figure]:
        return {entry.code: entry for entry in self.columns}

    def position(self, code: str) -> int:
        """The column number in the template, from 1."""
        return [entry.code for entry in self.columns].index(code) + 1


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
