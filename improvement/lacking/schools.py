"""The schools that lack something, in columns by measure, sorted as the address asks."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import NamedTuple
from urllib.parse import urlencode

from django.utils.translation import gettext as _

from districts.wording import listed
from improvement.lacking import words as words
from improvement.services.lacking import Lacking
from improvement.shortfall.lacking import Aim, Miss, SchoolNeeds
from improvement.shortfall.money import KIND_OF, KINDS, Amounts, Bill, bill
from indicators import wording

MONEY = "money"  # the column of costs, in 万元
KEYS = (*KINDS, MONEY)
SORTS = (*KEYS, *(f"-{key}" for key in KEYS))


@dataclass(frozen=True, slots=True)
class SchoolLine:
    """One school with what it is to do; words in the reader's language."""

    school: SchoolNeeds
    measures: Amounts
    bill: Bill

    @property
    def is_open(self) -> bool:
        return any(self.measures.values()) or bool(self.school.misses or self.school.unknown)

    @property
    def cost(self) -> str:
        """In 万元, ≥ where something has no price; empty where nothing of it has one."""
        return words.cost(self.bill)

    @property
    def left(self) -> str:
        return listed(
            f"{wording.stage_name(stage)} {listed(codes)}"
            for stage, codes in self.school.left.items()
        )

    @property
    def misses(self) -> list[str]:
        return list(map(miss_words, self.school.misses))

    @property
    def unknown(self) -> str:
        return listed(f"{wording.stage_name(stage)} {code}" for stage, code in self.school.unknown)


class Head(NamedTuple):
    """A column: what it is called, the address that sorts by it, whether it is sorted now."""

    key: str
    name: str
    query: str
    sorted: str


class SchoolTable:
    """``sort`` is a kind of measure or money, with a minus for the smallest first; ``kept`` is what
    else stands in the address.
    """

    def __init__(
        self, lacking: Lacking, aim: Aim = "least", sort: str = "", kept: Mapping[str, str] = {}
    ) -> None:
        self.lacking, self.aim, self.kept = lacking, aim, kept
        self.kinds = list(lacking.shortfalls.measures("full"))
        self.keys = [*self.kinds, *([MONEY] if lacking.offers else [])]
        asked = sort.removeprefix("-")
        self.sort = sort if asked in self.keys else self.keys[-1] if self.keys else ""

    @cached_property
    def heads(self) -> list[Head]:
        return list(map(self._head, self.keys))

    def _head(self, key: str) -> Head:
        is_down, is_up = key == self.sort, f"-{key}" == self.sort
        name = words.column(key) if key != MONEY else _("费用 万元")
        asked = {"aim": self.aim, **self.kept, "sort": f"-{key}" if is_down else key}
        state = "descending" if is_down else "ascending" if is_up else "none"
        return Head(key, name, urlencode(asked), state)

    @property
    def aims(self) -> Iterator[tuple[str, str, bool]]:
        """How far to go: its words, its address, whether it is this one."""
        for aim, told in words.AIMS.items():
            asked = {"aim": aim, **self.kept, "sort": self.sort}
            yield str(told), urlencode(asked), aim == self.aim

    @cached_property
    def lines(self) -> list[SchoolLine]:
        """Schools that have to do something, or of which something is unknown."""
        own = ((school, school.measures(self.aim)) for school in self.lacking.shortfalls.schools)
        lines = [SchoolLine(each, found, bill(found, self.lacking.prices)) for each, found in own]
        open_ = [line for line in lines if line.is_open]
        return sorted(open_, key=self._amount, reverse=not self.sort.startswith("-"))

    @property
    def idle(self) -> int:
        """How many may stay as they are, although not all of theirs is at the threshold."""
        return len(self.lacking.shortfalls.schools) - len(self.lines)

    def _amount(self, line: SchoolLine) -> Decimal:
        key = self.sort.removeprefix("-")
        return (line.bill.total if key == MONEY else line.measures.get(key)) or Decimal()

    @property
    def has_more(self) -> bool:
        """Whether anybody misses a limit outside part A, or left something unknown."""
        return any(line.school.misses or line.school.unknown for line in self.lines)

    @property
    def rows(self) -> Iterator[tuple[SchoolLine, list[tuple[str, str, str]]]]:
        """Each school with its cells: name of the column, what it says, which figure that is of."""
        for line in self.lines:
            fields = {KIND_OF[need.code]: need.field for need in reversed(line.school.needs)}
            yield (
                line,
                [(h.name, self._cell(line, h.key), fields.get(h.key, "")) for h in self.heads],
            )

    @staticmethod
    def _cell(line: SchoolLine, key: str) -> str:
        if key == MONEY:
            return line.cost
        number = line.measures.get(key)
        return words.whole(number, words.unit_of_kind(key)) if number else ""


def miss_words(miss: Miss) -> str:
    """B4 小学在校生数 2,312 人，要求 2,000 人."""
    unit = words.UNIT_BEYOND[miss.code]
    return _("%(code)s %(field)s %(found)s，要求 %(needed)s") % {
        "code": miss.code,
        "field": " + ".join(map(wording.label_of, miss.field.split("+"))),
        "found": words.amount(miss.found, unit),
        "needed": words.amount(miss.needed, unit),
    }
