"""The columns of the atlas: what of a unit's result stands in each, in words and as a number."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import partial
from typing import Any, NamedTuple

from django.utils.translation import gettext as _

from figures.shown import Places, percent, shown
from indicators.calculation.scheme import CODES, STAGES
from indicators.wording import VERDICTS, stage_name
from schedule.services.atlas import ALL, SATISFIED, Key, Result

SPREADS, SCHOOLS, OTHERS = "spreads", "schools", "others"


class Cell(NamedTuple):
    """What a result says in a column; without a verdict it is only reported."""

    verdict: str = ""
    text: str = "–"
    number: Decimal | None = None

    @property
    def words(self) -> str:
        return str(VERDICTS[self.verdict]) if self.verdict else ""


EMPTY = Cell("unknown")
_PART = Decimal(100)


@dataclass(frozen=True, slots=True)
class Column:
    """``name`` in the address, ``head`` over the cells, ``group`` over several heads."""

    name: str
    head: str
    group: str
    title: str
    stage: str
    read: Callable[[Result], Cell]
    places: int = 0

    def cell(self, result: Result | None) -> Cell:
        return self.read(result) if result else EMPTY


def columns(
    names: Mapping[str, str], limits: Mapping[str, Decimal], least: Decimal
) -> dict[str, Column]:
    """All of them by name; ``names`` of the indicators in their order, ``limits`` by stage,
    ``least`` the share of those asked who have to be satisfied."""
    places = Places()
    said = {verdict: Cell(verdict, str(words)) for verdict, words in VERDICTS.items()}
    made = [
        *(_spread(code, stage, names, limits[stage], places) for stage in STAGES for code in CODES),
        *(_share(code, stage, names, places) for stage in STAGES for code in CODES),
        _all_schools(places),
        *(_part(letter) for letter in "BC"),
        *(
            _satisfied(name, said, least, places) if code == "D1" else _verdict(code, name, said)
            for code, name in names.items()
            if code not in CODES
        ),
        _verdict("V", _("一票否决"), said),
        _still_open(),
    ]
    return {column.name: column for column in made}


def _spread(
    code: str, stage: str, names: Mapping[str, str], limit: Decimal, places: Places
) -> Column:
    def read(result: Result) -> Cell:
        value = result.spreads.get((code, stage))
        text = "–" if value is None else shown(value, places.coefficient, most=limit)
        return Cell(result.verdicts.get((code, stage), "unknown"), text, value)

    group = _("%(stage)s差异系数 ≤ %(limit)s") % {
        "stage": stage_name(stage),
        "limit": f"{limit:.2f}",
    }
    title = _("%(name)s的校际差异系数") % {"name": f"{code} {names.get(code, '')}"}
    return Column(f"{code}.{stage}", code, group, title, stage, read, places.coefficient)


def _share(code: str, stage: str, names: Mapping[str, str], places: Places) -> Column:
    group = _("%s达标学校的比例（%%）") % stage_name(stage)
    title = _("%(name)s达标的学校占多少") % {"name": f"{code} {names.get(code, '')}"}
    read = partial(_of_schools, (code, stage), places)
    return Column(f"{code}.{stage}.schools", code, group, title, stage, read, places.rate)


def _of_schools(key: Key, places: Places, result: Result) -> Cell:
    found = result.schools.get(key)
    if found is None:
        return Cell()
    share = Decimal(found.met) / found.counted
    # Only the whole is judged: all schools have to pass.
    verdict = ("met" if share == 1 else "not_met") if key == ALL else ""
    text = percent(share, places.rate, least="1").removesuffix("%")
    return Cell(verdict, text, share * _PART)


def _all_schools(places: Places) -> Column:
    read = partial(_of_schools, ALL, places)
    title = _("综合达标的评估单元占多少")
    return Column("schools", _("学校（%）"), _("其他"), title, "", read, places.rate)


def _part(letter: str) -> Column:
    def read(result: Result) -> Cell:
        own = [v for (code, _s), v in result.verdicts.items() if code[0] == letter]
        return Cell(_worst(own), f"{own.count('met')}/{len(own)}", Decimal(own.count("met")))

    title = {"B": _("政府保障程度"), "C": _("教育质量")}[letter]
    return Column(letter, letter, _("其他"), title, "", read)


def _worst(verdicts: Iterable[str]) -> str:
    found = set(verdicts)
    return next((each for each in ("not_met", "unknown") if each in found), "met")


def _verdict(code: str, name: str, said: Mapping[str, Cell]) -> Column:
    def read(result: Result) -> Cell:
        return said[result.verdicts.get((code, ""), "unknown")]

    return Column(code, code, _("其他"), f"{code} {name}", "", read)


def _satisfied(name: str, said: Mapping[str, Cell], least: Decimal, places: Places) -> Column:
    """The rate beside its verdict; only the verdict where no rate can be told."""

    def read(result: Result) -> Cell:
        cell = said[result.verdicts.get(SATISFIED, "unknown")]
        share = result.spreads.get(SATISFIED)
        if share is None:
            return cell
        return Cell(cell.verdict, percent(share, places.rate, least=least), share * _PART)

    title = f"{SATISFIED[0]} {name}"
    return Column(SATISFIED[0], SATISFIED[0], _("其他"), title, "", read, places.rate)


def _still_open() -> Column:
    def read(result: Result) -> Cell:
        count = result.still_open
        return Cell(
            "" if count else "met",
            _("差 %s 项") % count if count else _("全部达标"),
            Decimal(count),
        )

    return Column("open", _("未达标项"), _("其他"), _("没有达标的差异系数、指标和学校"), "", read)


def chosen(known: Mapping[str, Column], show: str) -> list[Column]:
    """The columns of a view: the coefficients and the whole, the schools, the rest, or all."""
    kinds: dict[str, Any] = {
        SPREADS: lambda c: c.name.count(".") == 1 or c.name in ("schools", "B", "C", "D1"),
        SCHOOLS: lambda c: c.name.endswith("schools"),
        OTHERS: lambda c: c.name[0] in "BCDV" and c.name not in ("B", "C"),
    }
    keep = kinds.get(show, lambda c: c.name not in ("B", "C"))
    return [column for column in known.values() if keep(column) or column.name == "open"]
