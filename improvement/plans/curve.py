"""What each further amount of money buys, worked out once for the present figures and prices."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from charts.curve import Curve, curve
from charts.svg import Markup
from improvement.plans.words import bound, money, money_unit, scaled
from improvement.services.ground import ground_of
from selfchecks.models import SelfCheck
from selfchecks.services.evaluations import Recent

SECONDS = 2.0  # of processor time for the two plans at the ends
_FOUND = Recent[str, dict[str, Any]](size=8)


@dataclass(frozen=True, slots=True)
class Point:
    """A sum in yuan, how many units pass for it, and how many could at most, as proven."""

    yuan: Decimal
    met: int
    at_most: int

    @property
    def cost(self) -> str:
        return money(self.yuan)

    @property
    def wan(self) -> str:
        """As the form of a budget takes it."""
        return f"{(self.yuan / 10_000).quantize(Decimal('0.0001')).normalize():f}"


class MoneyBuys:
    """From the coefficients alone to every unit; no points where caps leave no plan."""

    def __init__(self, found: dict[str, Any]) -> None:
        self.of = found["of"]
        self.points = [
            Point(Decimal(row["budget"]), row["met"], row["at_most"]) for row in found["points"]
        ]
        self.locked, self.alone = (Decimal(found.get(name, 0)) for name in ("locked", "alone"))

    @property
    def sentence(self) -> str:
        if not self.points:
            return _("按现在的条件没有方案能全部达标")
        found = {"all": self.points[-1].cost, "of": self.of}
        return _("%(of)s 个单元全部达标要 %(all)s") % found

    @property
    def least(self) -> str:
        """Below this no plan keeps what is locked and meets all coefficients, whoever passes."""
        if not self.alone:
            return ""
        sentence = _("钱少于 %s 时，差异系数本身就补不齐，任何方案都不能全部达标。")
        if self.locked:
            sentence = _("锁定的措施就要 %s，钱不能少于这个数。")
        if self.alone > self.locked > 0:
            sentence = _("钱少于 %s 时，做完锁定的措施，差异系数就补不齐。")
        return sentence % bound(self.alone)

    @property
    def has_curve(self) -> bool:
        """Whether some money lets some pass: else it is everything or nothing."""
        return len(self.points) > 1

    @property
    def drawing(self) -> Markup:
        points = [(scaled(point.yuan), point.met) for point in self.points]
        return curve(
            Curve(points, self.of),
            whole_label=_("全部 %s 个单元") % self.of,
            name="budget-curve",
            title=_("花多少钱，多少个评估单元达标"),
            description=_("横轴是%s，纵轴是达标的评估单元；各点的数在旁边的表里。") % money_unit(),
        )


def what_money_buys(self_check: SelfCheck) -> MoneyBuys:
    """Raises Conflict without figures or prices, Unusable for what cannot be planned on."""
    ground = ground_of(self_check)
    found = _FOUND.find(ground.digest)
    if found is None:
        found = ground.curve(SECONDS)
        _FOUND.keep(ground.digest, found)
    return MoneyBuys(found)
