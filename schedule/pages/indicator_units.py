"""The page of one indicator over all units: heat map, strips and trend, and their files."""

from collections.abc import Iterator
from functools import partial
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from audit.refusals import understood
from charts.plain import plain_style
from charts.svg import Markup, element
from districts.access import for_everybody
from districts.wording import inside
from indicators.models import Indicator, Standard
from indicators.wording import VERDICTS
from schedule.atlas_columns import Cell
from schedule.atlas_table import basis_words, link_to, source_words
from schedule.indicator_units import SORTS, IndicatorUnits
from selfchecks.files import offered, offered_book, offered_table


@for_everybody
def units_of_indicator(request: HttpRequest, code: str) -> HttpResponse:
    standard = Standard.objects.in_force_on(timezone.localdate())
    indicator = Indicator.objects.filter(standard=standard, code=code).first()
    if indicator is None:
        raise Http404
    make = partial(IndicatorUnits, indicator)
    found, problem = understood(make, request.GET.dict(), {})
    if not problem and found.format:
        return _file(found)
    picture = request.build_absolute_uri(reverse("indicator-picture", args=[code]))
    context = _context(found, request.build_absolute_uri(request.path))
    context |= {"problem": problem, "picture": picture}
    return render(request, "schedule/indicator_units.html", context, status=400 if problem else 200)


def _file(found: IndicatorUnits) -> HttpResponse:
    if found.format == "xlsx":
        return offered_book(found.book, f"{found.name}.xlsx")
    if found.format == "csv":
        return offered_table(found.table, f"{found.name}.csv")
    drawing = next((svg for _title, svg in found.drawn(plain_style())), None)
    if drawing is None:
        raise Http404
    return offered(drawing.encode(), f"{found.name}-{found.stage}.svg", "image/svg+xml")


def _context(found: IndicatorUnits, here: str) -> dict[str, Any]:
    atlas = found.atlas
    link = f"{here}?as_of={atlas.as_of.isoformat()}&basis={atlas.basis}"
    texts = dict(zip(SORTS, (_("规划顺序"), _("名称"), _("最新的数")), strict=True))
    return {
        "page": found,
        "indicator": found.indicator,
        "atlas": atlas,
        "basis": basis_words()[atlas.basis],
        "basis_inside": inside(basis_words()[atlas.basis]),
        "source": source_words(atlas),
        "link": link,
        "sorts": [
            (text, atlas.tail(show="", sort=name), name == found.sort)
            for name, text in texts.items()
        ],
        "rows": list(_rows(found)),
        "drawings": [
            (title, svg, f"{link}&format=svg&stage={stage}")
            for stage, (title, svg) in zip(found.stages, found.drawn(), strict=True)
        ],
        "verdicts": VERDICTS.items(),
    }


def _rows(found: IndicatorUnits) -> Iterator[Markup]:
    first = len(found.years)
    for unit, cells in found.heat:
        name = element("th", link_to(unit.district), scope="row")
        drawn = (_cell(label, cell, at % first == 0) for at, (label, cell) in enumerate(cells))
        yield element("tr", name, *drawn)


def _cell(label: str, cell: Cell | None, starts: bool) -> Markup:
    edge = " div" if starts else ""
    if cell is None:
        return element("td", "", class_=f"r{edge}", data_k=label)
    said = None
    if cell.verdict not in ("", "met") and cell.text != cell.words:
        said = element("span", f" {cell.words}", class_="sr")
    look = f"v v-{cell.verdict}" if cell.verdict else ""
    return element("td", cell.text, said, class_=f"r {look}{edge}", data_k=label)
