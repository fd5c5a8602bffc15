"""One thing to fill in: a column of a sheet or an item of the district sheet."""

from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property

from .findings import N_, Message

# The kinds of value. An amount is a number that may also be written as a percentage.
TEXT, CHOICE, COUNT, DECIMAL = "text", "choice", "count", "decimal"
CODE, LEVEL, RATIO, AMOUNT = "code", "level", "ratio", "amount"
DAY, YEAR = "day", "year"
NUMBERS = frozenset({COUNT, DECIMAL, RATIO, AMOUNT})

MAXIMUM: dict[str, Decimal] = {
    COUNT: Decimal(1_000_000),
    DECIMAL: Decimal(1_000_000_000),
    RATIO: Decimal(1),
    AMOUNT: Decimal("99999999.9999"),
}

RULES: dict[str, str] = {
    TEXT: N_("文字"),
    CHOICE: N_("从列表里选:{choices}"),
    COUNT: N_("0 或以上的整数"),
    DECIMAL: N_("0 或以上的数,最多 {places} 位小数"),
    CODE: N_("10 位数字,单元格格式为文本"),
    LEVEL: N_("Ⅰ、Ⅱ、Ⅲ、Ⅳ 或 1 到 4"),
    RATIO: N_("0 到 1 之间的小数,或百分数"),
    AMOUNT: N_("0 或以上的数,最多 {places} 位小数"),
    DAY: N_("年-月-日,例如 2026-09-01"),
    YEAR: N_("四位年份"),
}
# What to do and what not to do, on the instructions sheet: by code, else by unit, else by kind.
EXAMPLES: dict[str, tuple[str, str]] = {
    "school_name": ("重庆市沙坪坝区某某小学", "见备注"),
    "note": ("规划已于2025年3月印发", "见附件"),
    "evidence": ("渝教发〔2025〕3号文件", "有材料"),
    "veto_note": ("2025年9月查实1起,已整改", "见附件"),
    "个": ("12", "12个左右"),
    "间": ("12", "12间左右"),
    CHOICE: ("", "其他"),
    COUNT: ("1234", "约1200{unit}"),
    DECIMAL: ("1234.5", "1234.5{unit}左右"),
    CODE: ("2150000001", "2.15E+09"),
    LEVEL: ("Ⅲ", "良好"),
    RATIO: ("0.12", "12"),
}


@dataclass(frozen=True, slots=True)
class Entry:
    """``stage`` limits the entry to schools teaching it; ``required`` makes a blank an error."""

    code: str
    label: str
    kind: str
    unit: str = ""
    places: int = 0
    stage: str | None = None
    choices: tuple[str, ...] = ()
    may_not_apply: bool = False
    required: bool = False
    expected: bool = True  # a blank is worth a warning
    limit: Decimal | None = None  # beyond that of its kind
    aliases: tuple[str, ...] = ()  # other names of the column

    @property
    def names(self) -> tuple[str, ...]:
        """Everything a header may call it."""
        return (self.label, self.code, *self.aliases)

    @property
    def is_number(self) -> bool:
        return self.kind in NUMBERS

    @property
    def maximum(self) -> Decimal:
        return MAXIMUM[self.kind] if self.limit is None else self.limit

    @property
    def rule(self) -> Message:
        params = {"choices": "、".join(self.choices), "places": self.places}
        used = {name: value for name, value in params.items() if f"{{{name}}}" in RULES[self.kind]}
        return Message(RULES[self.kind], used)

    @property
    def hint(self) -> str:
        """Row 3 of the sheet: unit and rule, and whether 不适用 may be written."""
        parts = [f"单位:{self.unit}"] if self.unit else []
        parts.append(str(self.rule))
        if self.may_not_apply:
            parts.append("可填“不适用”")
        return ";".join(parts)

    @property
    def examples(self) -> tuple[str, str]:
        name = next(n for n in (self.code, self.unit, self.kind) if n in EXAMPLES)
        right, wrong = EXAMPLES[name]
        return (self.choices[0] if self.choices else right), wrong.format(unit=self.unit)


@dataclass(frozen=True)
class SheetLayout:
    """A sheet with one line per thing; ``key`` is the column that says which thing."""

    name: str
    key: str
    columns: tuple[Entry, ...]
    lines: tuple[str, ...] = ()  # the keys the template offers, where they are fixed

    @cached_property
    def by_code(self) -> dict[str, Entry]:
        return {entry.code: entry for entry in self.columns}

    def position(self, code: str) -> int:
        """The column number in the template, from 1."""
        return [entry.code for entry in self.columns].index(code) + 1
