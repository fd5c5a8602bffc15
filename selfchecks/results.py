"""The result as both sides read it: verdicts, dispersions, every school and indicator.

What fails stands first everywhere.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import Any

from django.db.models import QuerySet, Subquery
from django.utils.translation import get_language, gettext_lazy, pgettext
from django.utils.translation import gettext as _

from charts.svg import Markup
from districts.wording import inside, listed, noted
from figures.shown import Places, shown
from indicators import wording
from indicators.calculation.judged import ORDER
from indicators.calculation.outcome import Outcome
from indicators.calculation.scheme import CODES, STAGES
from indicators.presenting import Presented
from indicators.requirements import CheckRow
from indicators.rows import SpreadRow
from indicators.services.rules import indicators_of
from selfchecks import drawn
from selfchecks.models import Evaluation, IndicatorResult, SelfCheck, UnitResult
from selfchecks.outstanding import Thing, things_of
from selfchecks.services import evaluations
from selfchecks.services.differences import VerdictChange

SENTENCES = {
    "met": gettext_lazy("按现有数据，全部达到标准。"),
    "not_met": gettext_lazy("按现有数据，还没有达到标准。"),
    "unknown": gettext_lazy("有数据未填报，还不能判定是否达到标准。"),
}


@dataclass(frozen=True, slots=True)
class Part:
    """How much of one part is met, of how many; ``before`` a year ago, None when not known."""

    name: str
    met: int
    whole: int
    before: int | None

    @property
    def trend(self) -> str:
        return "" if self.before is None else trend(Decimal(self.met), Decimal(self.before))


def trend(now: Decimal, then: Decimal) -> str:
    return ("flat", "up", "down")[(now > then) - (now < then)]


class ResultPage(Presented):
    """The outcome of a self-check; ``evaluation`` when it was submitted, else it is a try-out."""

    def __init__(
        self, self_check: SelfCheck, evaluation: Evaluation | None, outcome: Outcome
    ) -> None:
        standard = self_check.standard
        super().__init__(outcome, indicators_of(standard), Places.of(standard))
        self.self_check, self.evaluation = self_check, evaluation

    @property
    def sentence(self) -> str:
        return str(SENTENCES[self.verdict])

    @property
    def short_digest(self) -> str:
        """The first twelve hex digits, enough to compare two pieces of paper."""
        return self.outcome.digest.removeprefix("sha256:")[:12]

    @cached_property
    def outstanding(self) -> list[Thing]:
        """Everything between the district and the standard, what fails first."""
        return list(things_of(self.self_check, self))

    @property
    def failing(self) -> list[Thing]:
        return [thing for thing in self.outstanding if thing.verdict == "not_met"]

    @property
    def shows_spared(self) -> bool:
        """Whether a listed school has a value between floor and threshold."""
        units = (unit for thing in self.outstanding for row in thing.lines for unit in row.units)
        return any(figure.verdict == "floor" for unit in units for figure in unit.figures)

    @cached_property
    def before(self) -> dict[tuple[str, str], tuple[str, Decimal | None]]:
        """Last year's approved verdicts and coefficients by code and stage."""
        rows = IndicatorResult.objects.filter(evaluation__in=_last_year(self.self_check))
        found = rows.values_list("indicator", "stage", "verdict", "value")
        return {(code, stage): (verdict, value) for code, stage, verdict, value in found}

    @property
    def spread_sentence(self) -> str:
        """How many coefficients are above the limit or cannot be said, of how many."""
        count = Counter(row.verdict for row in self.spreads)
        template = _("%(all)s 项校际差异系数都在限值以内")
        if count["not_met"]:
            template = _("%(all)s 项校际差异系数里 %(not_met)s 项超过限值")
        elif count["unknown"] or not count:
            template = _("%(all)s 项校际差异系数里 %(unknown)s 项无法判定")
        return template % {"all": count.total(), **{str(name): count[name] for name in ORDER}}

    @property
    def spreads_smaller(self) -> int:
        """How many are smaller than a year ago."""
        return sum(trend == "down" for _row, _then, trend in self.spreads_before)

    @property
    def judged_open(self) -> str:
        open_ = [row for row in self.judged if row.verdict != "met"]
        return listed(f"{row.code} {inside(row.words)}" for row in open_)

    @property
    def satisfaction(self) -> CheckRow | None:
        """The questionnaires of D1, with what makes them doubtful."""
        found = (row for row in self.judged if row.code == "D1")
        return next((check for row in found for check in row.checks), None)

    @property
    def parts(self) -> list[Part]:
        """Schools, coefficients, B and C: how much is met, of how many, and how many a year ago."""
        part_a, found = self.outcome.part_a, self.outcome.indicators
        units, spreads = part_a.units, part_a.dispersion
        others = [
            (name, [each.verdict for code, each in found.items() if code[0] == letter], letter)
            for name, letter in ((_("政府保障程度"), "B"), (_("教育质量"), "C"))
        ]
        return [
            Part(
                pgettext("plural", "评估单元"),
                units["met"],
                sum(units.values()),
                self._units_before,
            ),
            Part(
                _("校际差异系数"),
                spreads["met"],
                sum(spreads.values()),
                self._met_before("A"),
            ),
            *(
                Part(name, verdicts.count("met"), len(verdicts), self._met_before(letter))
                for name, verdicts, letter in others
            ),
        ]

    @property
    def _units_before(self) -> int | None:
        rows = UnitResult.objects.filter(evaluation__in=_last_year(self.self_check), verdict="met")
        return rows.count() if self.before else None

    def _met_before(self, letter: str) -> int | None:
        """Of A the coefficients; the part as a whole has no number behind its letter."""
        rows = self.before.items()
        own = [verdict for (code, _s), (verdict, _v) in rows if code[0] == letter and code[1:]]
        return own.count("met") if own else None

    @cached_property
    def spreads_before(self) -> list[tuple[SpreadRow, str, str]]:
        """Each coefficient with last year's, and whether it rose or fell."""
        return [(row, *self._spread_before(row)) for row in self.spreads]

    def drawn_spreads(self, style: str = "") -> list[tuple[str, str, Markup]]:
        """Code, name and coefficients of each stage that has any, drawn beside last year's."""
        found = []
        for stage in STAGES:
            name = wording.stage_name(stage)
            own = [(row, self.then(row)) for row in self.spreads if row.stage == name]
            if any(row.cv for row, _then in own):
                found.append((stage, name, drawn.spreads(stage, own, style)))
        return found

    def then(self, row: SpreadRow) -> Decimal | None:
        stage = next(code for code in STAGES if wording.stage_name(code) == row.stage)
        return self.before.get((row.code, stage), ("", None))[1]

    def _spread_before(self, row: SpreadRow) -> tuple[str, str]:
        value = self.then(row)
        if value is None or not row.cv:
            return "", ""
        then = shown(value, self.places.coefficient)
        return then, trend(Decimal(row.cv), Decimal(then))

    @cached_property
    def strips(self) -> list[tuple[str, Markup]]:
        """One per indicator and stage with counted units: where each lies against the threshold."""
        return [
            (
                title := f"{code} {self.names.get(code, code)} {table.name}",
                drawn.strip(table, at, title),
            )
            for at, code in enumerate(CODES)
            for table in self.stages
            if table.rows
        ]

    def strip(
        self, code: str, stage: str, name: str = "strip", reach: float = 0.0
    ) -> tuple[str, Markup] | None:
        """One of them; None for what is no indicator of a stage. The scale goes to ``reach`` at
        least, so that two can be compared."""
        own = [table for table in self.stages if table.stage == stage and table.rows]
        if not own or code not in CODES:
            return None
        title = f"{code} {self.names.get(code, code)} {own[0].name}"
        return title, drawn.strip(own[0], CODES.index(code), title, name, reach)


def stamp(self_check: SelfCheck) -> str:
    """Names all that a page about what was handed in rests on, which never changes; empty while the
    next figures may be others."""
    if self_check.awaits_district:
        return ""
    rows = self_check.evaluations.annotate(before=Subquery(_last_year(self_check)))
    newest = rows.order_by("-number").values_list("digest", "pk", "before").first()
    return "-".join(map(str, (get_language(), self_check.reference, *newest))) if newest else ""


def _last_year(self_check: SelfCheck) -> QuerySet[Any]:
    last = SelfCheck.objects.filter(district=self_check.district_id, year=self_check.year - 1)
    return last.filter(approved_evaluation__isnull=False).values("approved_evaluation")


def build(self_check: SelfCheck) -> ResultPage | None:
    """None while there are no figures. Raises Conflict when they cannot be evaluated."""
    evaluation, outcome = evaluations.outcome_of(self_check)
    return ResultPage(self_check, evaluation, outcome) if outcome else None


def verdicts_in_words(
    changes: Iterable[VerdictChange], names: Mapping[str, str]
) -> list[tuple[str, str, str]]:
    """What the verdict is on, the earlier one and the present one."""
    return [
        (_verdict_on(change, names), _verdict(change.before), _verdict(change.after))
        for change in changes
    ]


def _verdict(code: str | None) -> str:
    return str(wording.VERDICTS[code]) if code else _("没有结果")


def _verdict_on(change: VerdictChange, names: Mapping[str, str]) -> str:
    name, stage = names.get(change.indicator, ""), wording.stage_name(change.stage)
    if change.school:
        return noted(change.school, stage)
    code = change.indicator if change.indicator[1:] else ""  # A and V are known by their names
    words = f"{code} {name}".strip()
    return noted(words, stage) if stage else words
