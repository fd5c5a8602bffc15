"""What a district lacks, as its page shows it: the finding, by indicator, measure, coefficient."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from districts.wording import listed
from figures.shown import Places, percent, shown
from figures.table import SCHOOL_FIELD
from improvement.lacking import words as words
from improvement.models import UnitPrice
from improvement.services.lacking import Lacking
from improvement.shortfall.lacking import AIMS
from improvement.shortfall.money import KIND_OF, NOTHING, Bill, bill
from indicators import wording
from indicators.calculation.judged import Coefficient, UnitOutcome
from indicators.calculation.scheme import CODES, RATIOS, STAGES
from indicators.services.rules import indicator_names
from selfchecks.schools import EFFECTS

MOST_HELPING, MOST_OTHERS = 5, 3
_FIELD = {ratio.code: ratio.field_in(STAGES[0]) for ratio in RATIOS}


@dataclass(frozen=True, slots=True)
class IndicatorLine:
    """One indicator of the district; of a limit outside part A there is one amount only."""

    code: str
    name: str
    schools: int
    least: str
    full: str
    floor: str
    way: str


@dataclass(frozen=True, slots=True)
class MeasureLine:
    """One kind of measure: what is to be bought, at which price, for how much; blank: unknown."""

    name: str
    least: str
    full: str
    price: UnitPrice | None
    least_cost: str
    full_cost: str

    @property
    def price_words(self) -> str:
        return words.price(self.price) if self.price else ""


@dataclass(frozen=True, slots=True)
class Drivers:
    """A coefficient above its limit, and the units that widen it most: share, what adding does.

    First those where more would help, then those that stand out above.
    """

    code: str
    name: str
    stage: str
    cv: str
    limit: str
    units: tuple[tuple[UnitOutcome, str, str], ...]


class ShortfallPage:
    """Sentences and tables about one district; its schools are ``school_lines.SchoolTable``."""

    def __init__(self, lacking: Lacking) -> None:
        self.lacking = lacking
        self.found, self.outcome = lacking.shortfalls, lacking.outcome
        standard = lacking.self_check.standard
        self.places = Places.of(standard)
        self.names = indicator_names(standard)

    @property
    def sentence(self) -> str:
        """The finding: what is lacking at least, else what all seven would ask."""
        least, full = (words.by_unit(self.found.measures(aim)) for aim in ("least", "full"))
        if least:
            return _("要让每所学校达标，至少还差 %s") % listed(least)
        if self.is_spread_only:
            return self._spread_alone
        if full:
            return _("各校都有六项达标；七项都要达标，还差 %s") % listed(full)
        if self.found.unknown:
            return _("已填报的各项都不差；没有填报的还判定不了")
        if self.found.beyond:
            return _("各校七项资源配置指标都不差；%s 还有学校没有做到") % listed(self.found.beyond)
        return _("各校七项资源配置指标都不差")

    @property
    def is_spread_only(self) -> bool:
        """Whether every school passes and yet lies too far from the others: no amount per school
        says what that takes."""
        units, spreads = self.outcome.part_a.units, self.outcome.part_a.dispersion
        return units["met"] == sum(units.values()) and spreads["not_met"] > 0

    @property
    def _spread_alone(self) -> str:
        count = self.outcome.part_a.dispersion["not_met"]
        template = ngettext(
            "各校资源配置都达标，但 %s 项校际差异系数超过限值",
            "各校资源配置都达标，但 %s 项校际差异系数超过限值",
            count,
        )
        return template % count

    @property
    def growth_sentence(self) -> str:
        """Which pupils the amounts are for, where these are not the reported ones."""
        told = [
            f"{wording.stage_name(stage)} {percent(rate, 2)}"
            for stage, rate in self.lacking.growth.items()
        ]
        if count := len(self.lacking.expected):
            told.append(ngettext("%s 所学校按各自的预测", "%s 所学校按各自的预测", count) % count)
        sentence = _("按预测的学生数（%s）测算，其他数据不变。")
        return sentence % listed(told) if told else ""

    @property
    def unknown_sentence(self) -> str:
        count = self.found.unknown
        template = ngettext(
            "%s 处因为没有填报，判定不了，没有计入。",
            "%s 处因为没有填报，判定不了，没有计入。",
            count,
        )
        return template % count if count else ""

    @property
    def spread_sentence(self) -> str:
        """Lifting every school is not the same as narrowing what lies between them."""
        if self.is_spread_only:
            return _(
                "要缩小差距，还得给一些学校补到达标值以上；补哪些学校、要多少钱，由增配方案算。"
            )
        count = self.outcome.part_a.dispersion["not_met"]
        template = ngettext(
            "另有 %s 项校际差异系数超过限值：只补到达标值不一定够，见下面和增配方案。",
            "另有 %s 项校际差异系数超过限值：只补到达标值不一定够，见下面和增配方案。",
            count,
        )
        return template % count if count else ""

    @property
    def is_priced(self) -> bool:
        return bool(self.lacking.offers)

    @cached_property
    def bills(self) -> dict[str, Bill]:
        return {aim: bill(self.found.measures(aim), self.lacking.prices) for aim in AIMS}

    @cached_property
    def totals(self) -> tuple[str, str] | None:
        """What it costs at least and in full, of what has a price; None without any price."""
        least, full = (sum(self._told[aim].values(), NOTHING) for aim in ("least", "full"))
        return (words.money(least), words.money(full)) if full else None

    @property
    def unpriced(self) -> str:
        return listed(map(words.kind_name, self.bills["full"].unpriced))

    @staticmethod
    def unit_of(code: str) -> str:
        return SCHOOL_FIELD[_FIELD[code]].unit if code in _FIELD else words.UNIT_BEYOND[code]

    @cached_property
    def indicators(self) -> list[IndicatorLine]:
        """A1 to A7, then what else schools miss."""
        return [*self._of_part_a(), *self._beyond()]

    def _of_part_a(self) -> Iterator[IndicatorLine]:
        least, full, floor = (self.found.indicators(aim) for aim in AIMS)
        for code in full:
            unit = self.unit_of(code)
            yield IndicatorLine(
                code,
                self.names.get(code, code),
                sum(any(n.code == code for n in s.needs) for s in self.found.schools),
                words.amount(least.get(code, NOTHING), unit),
                words.amount(full[code], unit),
                words.amount(floor.get(code, NOTHING), unit),
                words.kind_name(KIND_OF[code]),
            )

    def _beyond(self) -> Iterator[IndicatorLine]:
        for code, (schools, number) in self.found.beyond.items():
            told = words.amount(number, self.unit_of(code))
            name, way = self.names.get(code, code), str(words.REMEDIES[code])
            yield IndicatorLine(code, name, schools, told, "", "", way)

    @cached_property
    def measures(self) -> list[MeasureLine]:
        least, full = (self.found.measures(aim) for aim in ("least", "full"))
        return [
            MeasureLine(
                words.kind_name(kind),
                words.of_kind(kind, least.get(kind)),
                words.of_kind(kind, full[kind]),
                self.lacking.offers.get(kind),
                self._cost("least", kind),
                self._cost("full", kind),
            )
            for kind in full
        ]

    def _cost(self, aim: str, kind: str) -> str:
        return words.money(self._told[aim][kind]) if kind in self._told[aim] else ""

    @cached_property
    def _told(self) -> dict[str, dict[str, Decimal]]:
        """Costs as ``words.money`` tells them, rounded up; totals are the sums of these."""
        return {
            aim: {kind: words.rounded_up(yuan) for kind, yuan in found.costs.items()}
            for aim, found in self.bills.items()
        }

    @cached_property
    def drivers(self) -> list[Drivers]:
        """Coefficients that fail, with the schools that widen them most."""
        return [
            self._drivers(code, stage, found)
            for stage in STAGES
            for code in CODES
            if (found := self.outcome.dispersion[stage].coefficients.get(code))
            and found.verdict == "not_met"
        ]

    def _drivers(self, code: str, stage: str, found: Coefficient) -> Drivers:
        cells = [
            (unit, cell)
            for unit in self.outcome.units
            if unit.stage == stage and (cell := unit.indicators.get(code)) and cell["share"]
        ]
        cells.sort(key=lambda pair: Decimal(pair[1]["share"]), reverse=True)
        helping = [pair for pair in cells if pair[1]["adding"] == "helps"][:MOST_HELPING]
        others = [pair for pair in cells if pair[1]["adding"] != "helps"][:MOST_OTHERS]
        units = tuple(
            (unit, percent(cell["share"], self.places.rate), str(EFFECTS.get(cell["adding"], "")))
            for unit, cell in (*helping, *others)
        )
        cv = shown(found.cv or "", self.places.coefficient, most=found.limit)
        name = self.names.get(code, code)
        return Drivers(code, name, wording.stage_name(stage), cv, found.limit, units)
