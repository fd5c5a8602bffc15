"""指标监测: a unit enters its coefficients, the city sees who moves; the year's list goes along
to the assessment of the district governments."""

from decimal import Decimal
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from audit.refusals import one_of
from districts.access import SignedInRequest, open_to
from districts.models import District
from districts.roles import DISTRICT_ROLES, MUNICIPAL_ROLES
from districts.scope import reaches
from figures.table import STAGE_LABELS
from indicators.models import Standard
from indicators.services.rules import indicator_names
from indicators.wording import VERDICTS
from rest.books import Number, Sheet, write_book
from schedule.models import MonitoringRound
from schedule.services import monitoring
from schedule.services.monitoring import Cell
from schedule.services.reading import today
from selfchecks.files import offered_book
from selfchecks.forms import Answering
from selfchecks.services.readiness import Readiness, readiness

PLACES = 3  # of a coefficient, as the national form prints it


def name_of(code: str, stage: str) -> str:
    return f"{code} {_(STAGE_LABELS[stage])}"


class FiguresForm(Answering):
    """One coefficient for each that the round asks for; what is left blank stays as it is."""

    def __init__(self, *args: Any, cells: list[Cell], names: dict[str, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for cell in cells:
            self.fields[f"{cell.indicator}_{cell.stage}"] = _figure(cell, names)

    @property
    def arguments(self) -> dict[str, Any]:
        given = {tuple(name.split("_")): value for name, value in self.cleaned_data.items()}
        return {"figures": given}


def _figure(cell: Cell, names: dict[str, str]) -> forms.DecimalField:
    sentence = _("请填 0 到 10 之间的数，最多四位小数，例如 0.382。")
    return forms.DecimalField(
        label=name_of(cell.indicator, cell.stage),
        help_text=_("%(name)s的校际差异系数，不超过 %(limit)s 达标。")
        % {"name": names.get(cell.indicator, cell.indicator), "limit": cell.limit},
        required=False,
        initial=cell.value,
        min_value=Decimal(0),
        max_value=monitoring.HIGHEST,
        max_digits=7,
        decimal_places=4,
        widget=forms.TextInput(attrs={"inputmode": "decimal"}),
        error_messages=dict.fromkeys(
            ("invalid", "min_value", "max_value", "max_decimal_places", "max_digits"), sentence
        ),
    )


@open_to(*DISTRICT_ROLES, *MUNICIPAL_ROLES)
def rounds(request: SignedInRequest) -> HttpResponse:
    """The round of a year, the newest without asking; as a workbook with ``?format=xlsx``."""
    known = list(MonitoringRound.objects.all())
    if not known:
        return render(request, "schedule/monitoring.html", {"rounds": known})
    asked = one_of(request.GET, "year", [str(row.year) for row in known])
    one = next(row for row in known if asked in ("", str(row.year)))
    units = _units(request)
    board = monitoring.board(one, units.values())
    approved = {
        code: found for code, found in readiness(units.values()).items() if found.year == one.year
    }
    if one_of(request.GET, "format", ["xlsx"]):
        content = _book(one, units, board, approved)
        return offered_book(content, f"key-indicators-{one.year}.xlsx")
    names = _names(one)
    form = _form(request, one, board, names)
    if request.method == "POST" and form:
        about = {"round": one, "district": request.user.district, "by": request.user}
        done = form.carry_out(monitoring.enter, **about)
        if done is not None:
            messages.success(request, _("已保存 %s 个数。") % done)
            return redirect(f"{request.path}?year={one.year}")
    context = {
        "rounds": known,
        "one": one,
        "form": form,
        "names": names,
        "heads": [name_of(code, stage) for code, stage in monitoring.keys_of(one)],
        "units": [
            (unit, [_shown(cell) for cell in board[code]], _told(approved.get(code)))
            for code, unit in units.items()
        ],
        "is_over": one.due_on < today(),
    }
    return render(request, "schedule/monitoring.html", context, status=form.status if form else 200)


def _units(request: SignedInRequest) -> dict[str, District]:
    rows = District.objects.order_by("order", "code")
    found = (unit for unit in rows if unit.exists_on(today()))
    return {unit.code: unit for unit in found if reaches(request.user, unit.pk)}


def _names(one: MonitoringRound) -> dict[str, str]:
    """What the codes of a round stand for, by the standard in force."""
    names = indicator_names(Standard.objects.in_force_on(today()))
    return {code: name for code, name in names.items() if code in one.indicators}


def _form(
    request: SignedInRequest,
    one: MonitoringRound,
    board: dict[str, list[Cell]],
    names: dict[str, str],
) -> FiguresForm | None:
    """For people of the unit while the round lasts."""
    district = request.user.district
    if district is None or district.code not in board or one.due_on < today():
        return None
    if request.user.role not in DISTRICT_ROLES:
        return None
    return FiguresForm.sent(request, cells=board[district.code], names=names)


def _shown(cell: Cell) -> dict[str, Any]:
    moved = cell.moved
    trend = "" if moved is None else "flat" if not moved else "up" if moved > 0 else "down"
    return {
        "name": name_of(cell.indicator, cell.stage),
        "verdict": cell.verdict,
        "words": VERDICTS[cell.verdict],
        "value": "–" if cell.value is None else f"{cell.value:.{PLACES}f}",
        "moved": "" if moved is None else f"{moved:+.{PLACES}f}",
        "trend": trend,
    }


def _told(found: Readiness | None) -> dict[str, Any]:
    if found is None:
        return {"verdict": "unknown", "words": _("资料不足")}
    return {"verdict": found.verdict, "words": VERDICTS[found.verdict]}


def _book(
    one: MonitoringRound,
    units: dict[str, District],
    board: dict[str, list[Cell]],
    approved: dict[str, Readiness],
) -> bytes:
    """Every unit of the year with its figures, those before, and what was approved."""
    head = [_("区县"), _("自查结论"), _("评估单元"), _("其中不达标")]
    for code, stage in monitoring.keys_of(one):
        name = name_of(code, stage)
        head += [name, _("%s上年") % name, _("%s判定") % name]
    rows: list[list[Any]] = [head]
    for code, unit in units.items():
        found = approved.get(code)
        counts = [found.unit_count, found.failing_unit_count] if found else ["", ""]
        row: list[Any] = [unit.display_name, str(_told(found)["words"]), *counts]
        for cell in board[code]:
            numbers = [Number.read(value, PLACES) for value in (cell.value, cell.before)]
            row += [*numbers, str(VERDICTS[cell.verdict])]
        rows.append(row)
    return write_book([Sheet(_("重点指标"), rows, frozen=1)])
