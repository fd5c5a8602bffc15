"""What the page of a table of one's own shows: what may be picked, the table, how to share it."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from audit.refusals import one_of
from charts.svg import Markup, element
from schedule.atlas_columns import Cell
from schedule.atlas_table import basis_words, source_words
from schedule.own_table import INDICATOR, TURNS, UNIT, YEAR, OwnTable, name_of
from selfchecks.files import offered_book, offered_table


class Box(NamedTuple):
    value: str
    text: str
    is_on: bool


def offered(table: OwnTable, asked: Mapping[str, str]) -> HttpResponse | None:
    """The file that was asked for; None for the page, also while nothing is picked."""
    if table.is_empty:
        return None
    format = one_of(asked, "format", ["xlsx", "csv"])
    if format == "xlsx":
        return offered_book(table.book(), f"{table.name}.xlsx")
    if format == "csv":
        return offered_table(table.table(), f"{table.name}.csv")
    return None


def context(table: OwnTable) -> dict[str, Any]:
    names = {UNIT: _("单位"), INDICATOR: _("指标"), YEAR: _("年份")}
    known = {
        UNIT: {code: unit.display_name for code, unit in table.units.items()},
        INDICATOR: {name: name_of(column) for name, column in table.atlas.known.items()},
        YEAR: {str(year): str(year) for year in table.atlas.years},
    }
    found = {
        "table": table,
        "atlas": table.atlas,
        "basis": basis_words()[table.atlas.basis],
        "source": source_words(table.atlas),
        "picks": [
            (
                dimension,
                names[dimension],
                len(table.chosen[dimension]),
                [
                    Box(value, text, value in table.asked[dimension])
                    for value, text in (table.sets[dimension] | own).items()
                ],
            )
            for dimension, own in known.items()
        ],
        "turns": [Box(turn, names[turn], turn == table.rows_are) for turn in TURNS],
    }
    return found if table.is_empty else found | _drawn(table)


def page_of(table: OwnTable) -> str:
    """The desk has its own, so that no answer for the city can be kept for the public."""
    return "admin:schedule_planversion_own_table" if table.atlas.viewer else "own-table"


def _drawn(table: OwnTable) -> dict[str, Any]:
    first, second = table.across
    below = table.items(second)
    rows = [
        element(
            "tr",
            element("th", item.text, scope="row"),
            *(_cell(told, cell) for told, cell in cells),
        )
        for item, cells in table.lines
    ]
    day = table.atlas.as_of.isoformat()
    return {
        "above": [(item.text, len(below)) for item in table.items(first)],
        "below": [item.text for _item in table.items(first) for item in below],
        "rows": rows,
        "link": reverse(page_of(table)) + table.tail(as_of=day),
        "call": table.call,
        "xlsx": table.tail(as_of=day, format="xlsx"),
        "csv": table.tail(as_of=day, format="csv"),
        "turned": [
            (Box(turn, text, False), table.tail(rows=turn))
            for turn, text in ((UNIT, _("单位")), (INDICATOR, _("指标")), (YEAR, _("年份")))
            if turn != table.rows_are
        ],
    }


def _cell(told: str, cell: Cell) -> Markup:
    said = None
    if cell.verdict not in ("", "met") and cell.text != cell.words:
        said = element("span", f" {cell.words}", class_="sr")
    look = f"r v v-{cell.verdict} kept" if cell.verdict else "r"
    return element("td", cell.text, said, class_=look, data_k=told)
