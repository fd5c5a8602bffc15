"""The atlas drawn as table rows, and written as CSV and Excel with its day and basis.

The cells are drawn here: a template takes ten times as long for four thousand of them.
"""

from collections.abc import Iterable, Iterator, Mapping
from html import escape
from itertools import groupby
from typing import Any, NamedTuple
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from charts.svg import Markup, element
from districts.models import District
from districts.wording import day_text
from indicators.wording import stage_name
from rest.books import Number, Sheet, write_book
from schedule import progress, wording
from schedule.atlas import Atlas, Line
from schedule.atlas_columns import Cell, Column

WIDE, HIGH = 44, 14


class Head(NamedTuple):
    """A heading that sorts: what it is called in full, its address, how it is sorted now."""

    text: str
    title: str
    address: str
    sorted: str
    starts: bool = False


def unit_heads(atlas: Atlas) -> list[Head]:
    named = {"name": _("名称"), "late": _("认定"), "year": _("规划")}
    return [_head(atlas, name, text, text) for name, text in named.items()]


def heads(atlas: Atlas) -> list[Head]:
    firsts = {columns[0].name for _group, columns in groups_of(atlas)}
    return [
        _head(atlas, column.name, column.head, column.title, column.name in firsts)
        for column in atlas.columns
    ]


def _head(atlas: Atlas, name: str, text: str, title: str, starts: bool = False) -> Head:
    is_up, is_down = atlas.sort == name, atlas.sort == f"-{name}"
    state = "ascending" if is_up else "descending" if is_down else "none"
    return Head(text, title, atlas.tail(sort=f"-{name}" if is_up else name), state, starts)


def groups_of(atlas: Atlas) -> list[tuple[str, list[Column]]]:
    """What stands over several heads."""
    return [(name, list(own)) for name, own in groupby(atlas.columns, lambda column: column.group)]


def bodies(atlas: Atlas) -> Iterator[tuple[str, str, list[Markup]]]:
    """Heading, what it sums up to, and the rows under it."""
    for name, lines in atlas.groups:
        yield (_(name) if name else ""), _summary(lines), rows(atlas, lines)


class Drawn(NamedTuple):
    """What all cells of a column have alike, ready for HTML."""

    column: Column
    label: str
    edge: str
    place: str


def rows(atlas: Atlas, lines: Iterable[Line]) -> list[Markup]:
    firsts = {columns[0].name for _group, columns in groups_of(atlas)}
    base = reverse("self-checks") if atlas.viewer else ""
    drawn = [
        Drawn(each, escape(_label(each)), " div" if each.name in firsts else "", _place(each))
        for each in atlas.columns
    ]
    return [_row(atlas, line, drawn, base) for line in lines]


def _summary(lines: list[Line]) -> str:
    facts = {
        "units": len(lines),
        "certified": sum(line.standing.status == progress.CERTIFIED for line in lines),
        "open": sum(line.is_failing for line in lines),
    }
    return (
        ngettext(
            "%(units)s 个单位，名称已知通过 %(certified)s 个，结果里有项没有达标 %(open)s 个",
            "%(units)s 个单位，名称已知通过 %(certified)s 个，结果里有项没有达标 %(open)s 个",
            len(lines),
        )
        % facts
    )


def _label(column: Column) -> str:
    return f"{stage_name(column.stage)} {column.head}" if column.stage else column.head


def _row(atlas: Atlas, line: Line, drawn: list[Drawn], base: str) -> Markup:
    unit = line.district
    name = link_to(unit)
    glyph = element("i", aria_hidden="true")
    look = f"st is-{line.look}"
    said = ": ".join(filter(None, (line.label, line.late)))
    state = element("span", glyph, line.short, class_=look, title=said)
    year = line.standing.planned_year or "–"
    head = (
        element("th", name, scope="row"),
        element("td", state, class_="l", data_k=_("认定")),
        element("td", year, class_="r opt", data_k=_("规划")),
    )
    if line.result is None:
        said = element(
            "td", _nothing(atlas, line), class_="v v-unknown", colspan=len(atlas.columns) + 1
        )
        return element("tr", *head, said)
    cells = "".join(_cell(each, line, base, atlas.compare) for each in drawn)
    return element("tr", *head, Markup(cells), _years(line))


def link_to(unit: District) -> Markup:
    """Short where names are long: English ones in full push the figures out of sight."""
    short = wording.tile_name(unit) if get_language() == "en" else unit.display_name
    page = reverse("unit", args=[unit.code])
    return element(
        "a", short, href=page, title=unit.display_name if short != unit.display_name else None
    )


def _nothing(atlas: Atlas, line: Line) -> str:
    is_gone = not line.district.exists_on(atlas.as_of)
    if is_gone or line.standing.status == progress.ABOLISHED:
        return _("已撤并，这一年没有单独的结果")
    if atlas.viewer:
        return _("这一年还没有报送")
    return _("这一年还没有复核通过的结果")


def _cell(drawn: Drawn, line: Line, base: str, compare: bool) -> str:
    assert line.result
    cell = drawn.column.cell(line.result)
    inside = escape(cell.text)
    if base and (cell.verdict or cell.text != "–"):  # nothing stands behind a stage there is not
        inside = f'<a href="{base}{line.result.reference}/result/{drawn.place}">{inside}</a>'
    if cell.verdict not in ("", "met") and cell.text != cell.words:
        inside += f'<span class="sr"> {escape(cell.words)}</span>'
    if compare and line.before:
        inside += f" <small>{escape(drawn.column.cell(line.before).text)}</small>"
    look = f"v v-{cell.verdict}" if cell.verdict else "opt"
    return f'<td class="r {look}{drawn.edge}" data-k="{drawn.label}">{inside}</td>'


def _place(column: Column) -> str:
    """Where on the result it is told: from there one click leads to the school or the cell."""
    if column.stage:
        return f"?part={column.stage}"
    return "" if column.name in ("schools", "open") else "#judged"


def _years(line: Line) -> Markup:
    """How much was open each year, as a line and in words."""
    told = sorted(line.open_by_year.items())
    words = " ".join(_("%(year)s 年 %(open)s 项") % {"year": y, "open": n} for y, n in told)
    if len(told) < 2:
        return element("td", element("span", words, class_="sr"), class_="opt")
    most, wide = max(max(line.open_by_year.values()), 1), (WIDE - 6) / (len(told) - 1)
    points = [
        (f"{3 + at * wide:.1f}", f"{HIGH - 3 - (HIGH - 6) * count / most:.1f}")
        for at, (_year, count) in enumerate(told)
    ]
    drawn = element(
        "svg",
        element("polyline", class_="m-spark", points=" ".join(map(",".join, points))),
        element("circle", class_="f-now", cx=points[-1][0], cy=points[-1][1], r="2"),
        viewBox=f"0 0 {WIDE} {HIGH}",
        aria_hidden="true",
    )
    return element("td", drawn, element("span", words, class_="sr"), class_="opt spark")


# -- to take away --------------------------------------------------------------------------------


def name_of(atlas: Atlas) -> str:
    """Year, basis and day: which figures these are is to be seen from outside."""
    return f"atlas-{atlas.year}-{atlas.basis}-{atlas.as_of.isoformat()}"


def table(atlas: Atlas, *, before: bool = False) -> list[list[Any]]:
    """Head and one row a unit, numbers as numbers; ``before``: the year before."""
    pairs = [(column, _has_both(column)) for column in atlas.columns]
    titles = [
        title
        for column, both in pairs
        for title in (
            (_title(column), _("%s：判定") % _title(column)) if both else (_title(column),)
        )
    ]
    first = [_("代码"), _("区县"), _("规划年份"), _("状态"), _("比规划晚的天数"), _("年度")]
    rows: list[list[Any]] = [[*first, *titles]]
    for line in atlas.rows:
        result = line.before if before else line.result
        standing = line.standing
        head = [standing.code, line.district.display_name, standing.planned_year, line.label]
        late = max(standing.days_late, 0) if line.late else ""
        row = [*head, late, atlas.year - before]
        for column, both in pairs:
            row += list(_values(column.cell(result) if result else Cell(), column, both))
        rows.append(row)
    return rows


def _has_both(column: Column) -> bool:
    return column.name.count(".") == 1 or column.name in ("schools", "B", "C")


def _title(column: Column) -> str:
    return f"{stage_name(column.stage)} {column.title}" if column.stage else column.title


def _values(cell: Cell, column: Column, both: bool) -> Iterator[Any]:
    if cell.number is not None:
        yield Number(cell.number, column.places)
    else:
        yield "" if cell.text == "–" else cell.text
    if both:
        yield cell.words


def book(atlas: Atlas) -> bytes:
    years = [Sheet(f"{atlas.year - last}", table(atlas, before=last), 2) for last in (False, True)]
    return write_book([*years, Sheet(_("说明"), list(about(atlas)))])


def about(atlas: Atlas) -> Iterator[list[Any]]:
    yield [_("项目"), _("内容")]
    yield [_("截至"), day_text(atlas.as_of)]
    yield [_("口径"), basis_words()[atlas.basis]]
    yield [_("数据"), source_words(atlas)]
    yield [_("学校的比例"), _("参与测算的评估单元（每所学校每个学段算一个）里达标的占多少。")]
    yield [_("未达标项"), _("没有达标或无法判定的差异系数和指标的个数；有学校不达标的另算一项。")]
    if atlas.is_demo:
        yield [_("数据性质"), _("演示数据")]


def call_of(atlas: Atlas, **asked: Iterable[Any]) -> str:
    """The same asked of the API; what names nothing is left out, and means everything."""
    told = {name: ",".join(map(str, own)) for name, own in asked.items()}
    facts = {**told, "as_of": atlas.as_of.isoformat(), "basis": atlas.basis}
    tail = urlencode({name: text for name, text in facts.items() if text}, safe=",")
    return f"{reverse('atlas-newest' if atlas.viewer else 'atlas-api')}?{tail}"


def basis_words() -> Mapping[str, str]:
    return {progress.PLAN: _("规划的单位"), progress.CURRENT: _("现行的单位")}


def source_words(atlas: Atlas) -> str:
    if atlas.viewer:
        return _("各单位最近一次报送的结果，复核通过的和还没有复核的都在内")
    return _("截至这一天复核通过、没有收回的结果，只有区县一级的数")
