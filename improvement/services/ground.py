"""What a plan is made from: a self-check's figures, the district's prices and its conditions."""

import hashlib
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any, NamedTuple

from django.utils.translation import gettext_lazy as _

from audit.refusals import Conflict, Unusable
from districts.wording import listed
from improvement.models import Condition, UnitPrice
from improvement.planner.curve import budget_curve
from improvement.planner.measures import KINDS
from improvement.planner.plan import Progress, make_plan
from improvement.services import conditions, prices
from indicators.calculation.outcome import canonical
from indicators.calculation.problems import UnusableInput
from indicators.calculation.rules import Rules
from indicators.calculation.scheme import CODES
from indicators.refusals import sentence_of
from indicators.services.rules import rules_of
from selfchecks import clock
from selfchecks.models import SelfCheck
from selfchecks.services.evaluations import present_inputs

Result = dict[str, Any]


class Ground(NamedTuple):
    """Figures as the calculation takes them, terms as the planner does."""

    figures: dict[str, Any]
    terms: dict[str, Any]
    rules: Rules

    @property
    def digest(self) -> str:
        return "sha256:" + hashlib.sha256(canonical([self.figures, self.terms])).hexdigest()

    def plan(
        self,
        kind: str,
        seconds: float,
        wishes: Mapping[str, Any],
        tell: Callable[[Progress], bool | None] = lambda _progress: None,
    ) -> Result:
        """The planner's answer; ``wishes`` are what only some kinds ask for.

        Raises Unusable with a sentence for every figure and term that cannot be planned on.
        """
        with _refusing():
            payload = {**self.figures, **self.terms, **wishes}
            return make_plan(payload, self.rules, kind, seconds, tell).as_dict()

    def curve(self, seconds: float) -> Result:
        """What more money buys. Raises Unusable like ``plan``."""
        with _refusing():
            return budget_curve({**self.figures, **self.terms}, self.rules, seconds=seconds)


@contextmanager
def _refusing() -> Iterator[None]:
    try:
        yield
    except UnusableInput as refusal:
        places = {each.pointer.removeprefix("/"): sentence_of(each) for each in refusal.problems}
        sentence = _("增配方案做不了：%s") % next(iter(places.values()))
        raise Unusable(sentence, code="cannot_plan", fields=places) from refusal


def ground_of(self_check: SelfCheck) -> Ground:
    """As things are now. Raises Conflict without figures, or without prices, naming which."""
    found = known_of(self_check)
    _refuse_without_prices(self_check)
    return found


def known_of(self_check: SelfCheck) -> Ground:
    """The same with what prices there are. Raises Conflict without figures."""
    figures = present_inputs(self_check)
    if figures is None:
        sentence = _("这份自查还没有数据；上传并采用工作簿后才能做增配方案。")
        raise Conflict(sentence, code="no_figures")
    return Ground(figures, _terms(self_check), rules_of(self_check.standard))


def _terms(self_check: SelfCheck) -> dict[str, Any]:
    """What nobody may buy needs no condition; what must be bought without a price is refused."""
    priced = prices.in_force(self_check.district, clock.today())
    asked = conditions.in_force(self_check.district)
    rows = [row for row in asked if row.least or row.kind in priced]
    return {
        "measures": [_measure(row) for row in priced.values()],
        "caps": _amounts(rows, "most"),
        "locked": _amounts(rows, "least"),
    }


def _measure(row: UnitPrice) -> dict[str, Any]:
    own = {} if row.kind in KINDS else {"raises": row.raises}
    return {"code": row.kind, "price": f"{row.price:f}", **own}


def _amounts(rows: list[Condition], side: str) -> dict[str, dict[str, str]]:
    """School → kind → one side of its condition."""
    amounts: dict[str, dict[str, str]] = defaultdict(dict)
    for row in rows:
        if (amount := getattr(row, side)) is not None:
            amounts[row.school_code][row.kind] = f"{amount:f}"
    return dict(amounts)


def _refuse_without_prices(self_check: SelfCheck) -> None:
    """Which indicators nobody has said anything about; what is no longer offered was said."""
    rows = UnitPrice.objects.filter(district=self_check.district)
    said = {code for raises in rows.values_list("raises", flat=True) for code in raises}
    lacking = [code for code in CODES if code not in said]
    if lacking:
        sentence = _("还没有单价：提高 %s 的措施。请先填写单价，不采用的也请注明。")
        raise Conflict(sentence % listed(lacking), code="no_prices")
