"""What the page of the atlas shows, the same for desk and public; and its files."""

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from django.http import HttpResponse
from django.utils.translation import gettext as _

from audit.refusals import one_of
from indicators.wording import VERDICTS
from schedule import atlas_table as drawn
from schedule.atlas import NONE, PHASE, REGION, Atlas
from schedule.atlas_columns import OTHERS, SCHOOLS, SPREADS
from schedule.wording import MARKS, STATES
from selfchecks.files import offered_book, offered_table


class Choice(NamedTuple):
    text: str
    address: str
    is_on: bool


def offered(atlas: Atlas, asked: Mapping[str, str]) -> HttpResponse | None:
    """The file that was asked for; None for the page."""
    name, format = drawn.name_of(atlas), one_of(asked, "format", ["xlsx", "csv"])
    if format == "xlsx":
        return offered_book(drawn.book(atlas), f"{name}.xlsx")
    if format == "csv":
        return offered_table(drawn.table(atlas), f"{name}.csv")
    return None


def context(atlas: Atlas) -> dict[str, Any]:
    return {
        "atlas": atlas,
        "basis": drawn.basis_words()[atlas.basis],
        "source": drawn.source_words(atlas),
        "choices": list(_choices(atlas)),
        "filters": list(_filters(atlas)),
        "groups": drawn.groups_of(atlas),
        "unit_heads": drawn.unit_heads(atlas),
        "heads": drawn.heads(atlas),
        "bodies": list(drawn.bodies(atlas)),
        "wide": len(atlas.columns) + 4,
        "verdicts": VERDICTS.items(),
        "states": [(MARKS[state], STATES[state]) for state in _states(atlas)],
        "call": _call(atlas),
        "own": "admin:schedule_planversion_own_table" if atlas.viewer else "own-table",
        "csv": _file(atlas, "csv"),
        "xlsx": _file(atlas, "xlsx"),
    }


def _file(atlas: Atlas, format: str) -> str:
    return atlas.tail(as_of=atlas.as_of.isoformat(), format=format)


def _call(atlas: Atlas) -> str:
    """The same units and columns asked of the API."""
    years = [atlas.year - 1, atlas.year] if atlas.compare else [atlas.year]
    is_whole = len(atlas.rows) == len(atlas.lines)
    return drawn.call_of(
        atlas,
        year=[year for year in years if year in atlas.years],
        unit=[] if is_whole else [line.standing.code for line in atlas.rows],
        indicator=[] if atlas.show == "all" else [column.name for column in atlas.columns],
    )


def _choices(atlas: Atlas) -> Iterator[tuple[str, list[Choice]]]:
    """One of several: what is chosen stands in the address."""
    shows = {
        SPREADS: _("差异系数"),
        SCHOOLS: _("达标学校"),
        OTHERS: _("其他指标"),
        "all": _("全部"),
    }
    groups = {PHASE: _("按阶段"), REGION: _("按片区"), NONE: _("不分组")}
    years = {str(year): str(year) for year in atlas.years[-5:]}
    for label, name, known in (
        (_("年份"), "year", years),
        (_("内容"), "show", shows),
        (_("分组"), "group", groups),
    ):
        now = str(getattr(atlas, name))
        yield (
            label,
            [
                Choice(text, atlas.tail(**{name: value}), value == now)
                for value, text in known.items()
            ],
        )


def _filters(atlas: Atlas) -> Iterator[Choice]:
    """On or off."""
    yield Choice(_("与上年比"), atlas.tail(compare="" if atlas.compare else "1"), atlas.compare)
    is_on = bool(atlas.only)
    yield Choice(_("只看有未达标项的"), atlas.tail(only="" if is_on else "failing"), is_on)
    for state in _states(atlas):
        is_on = atlas.state == state
        count = sum(line.state == state for line in atlas.lines)
        address = atlas.tail(state="" if is_on else state)
        yield Choice(f"{STATES[state]} {count}", address, is_on)


def _states(atlas: Atlas) -> list[str]:
    """Those there are, in their order."""
    there = {line.state for line in atlas.lines}
    return [state for state in STATES if state in there]
