"""The plan as stairs in words and colours: on the home page, and as a file that stands alone."""

from datetime import date

from django.utils.translation import gettext, ngettext

from charts import stairs
from charts.plain import plain_style
from charts.stairs import LARGE, SMALL, Paper, Phase, Said, Stairs, Unit
from charts.svg import Markup
from districts.wording import day_text, listed
from schedule import totals, wording

from .question import Question

NAMED = 4  # units of a day that are worth naming on the drawing


def drawings(question: Question) -> list[Markup]:
    """The large one, and the small one for phones."""
    chart = _chart(question)
    return [_drawn(question, chart, paper) for paper in (LARGE, SMALL)]


def alone(question: Question) -> Markup:
    """The large drawing with its colours written into it."""
    return _drawn(question, _chart(question), LARGE, plain_style())


def _drawn(question: Question, chart: Stairs, paper: Paper, style: str = "") -> Markup:
    short = chart.due - chart.reached
    said = Said(
        reached=gettext("实际通过"),
        day=gettext("截至 %(day)s") % {"day": day_text(chart.as_of)},
        gap=ngettext("少 %(count)s 个", "少 %(count)s 个", short) % {"count": short},
        due=gettext("应有 %(count)s 个") % {"count": chart.due},
        key=(gettext("一级台阶是一年的规划，"), gettext("一格是一个单位")),
    )
    return stairs.stairs(
        chart,
        said,
        paper,
        style=style,
        name="stairs-small" if paper.is_small else "stairs",
        title=totals.finding(question.position.progress),
        description=_description(chart),
    )


def _chart(question: Question) -> Stairs:
    counted = question.position.progress
    return Stairs(
        steps={
            year: [Unit(line.kind, line.sentence) for line in lines]
            for year, lines in question.by_year()
            if year
        },
        course=counted.course,
        phases=[
            Phase(
                # The first word is enough above the stairs: 试点, Pilot.
                next(iter(gettext(phase.name).removesuffix("推进阶段").split()), phase.name),
                gettext("目标 %(count)s 个") % {"count": phase.target},
                phase.start_year,
                phase.end_year,
                phase.cumulative_target,
            )
            for phase in counted.phases
        ],
        as_of=counted.as_of,
        notes={day: _note(question, day) for day, _total in counted.course},
    )


def _note(question: Question, day: date) -> tuple[str, str]:
    """How many were announced on the day, and whom the list names."""
    counted = question.position.progress
    lost = [unit.code for unit in counted.standings if unit.lost and unit.lost[1] == day]
    if lost:
        fallen = gettext("%(day)s撤销 %(count)s 个")
        names = [wording.tile_name(question.position.districts[code]) for code in lost]
        return fallen % {"day": day_text(day), "count": len(lost)}, listed(names)
    codes = [
        unit.code
        for unit in counted.standings
        if day in (unit.certified_on, unit.lost and unit.lost[0])
    ]
    unnamed = sum(rest.number for rest in counted.unnamed if rest.day == day)
    rest = ngettext("%(count)s 个名称待核", "%(count)s 个名称待核", unnamed) % {"count": unnamed}
    names = [wording.tile_name(question.position.districts[code]) for code in codes]
    grown = gettext("%(day)s增加 %(count)s 个")
    return (
        grown % {"day": day_text(day), "count": len(codes) + unnamed},
        listed([*names[:NAMED], *["…"] * (len(names) > NAMED), *[rest] * bool(unnamed)]),
    )


def _description(chart: Stairs) -> str:
    """The same figures as a sentence, for who cannot see them."""
    planned = listed(
        gettext("%(year)s 年底 %(count)s 个") % {"year": year, "count": due}
        for year, due in chart.planned.items()
    )
    reached = listed(
        gettext("%(day)s起 %(count)s 个") % {"day": day_text(day), "count": total}
        for day, total in chart.course
    )
    return gettext("规划累计：%(planned)s。实际通过：%(reached)s。") % {
        "planned": planned,
        "reached": reached or gettext("还没有"),
    }
