"""What a practice's effect is in words, the same on the page and for whoever decides on it."""

from decimal import Decimal
from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from districts.wording import listed
from figures.shown import COEFFICIENT, percent, shown
from figures.table import STAGE_LABELS
from improvement.models import PracticeState
from improvement.services.effects import Effect
from indicators.wording import VERDICTS
from selfchecks.services.readiness import Readiness

LOOKS = {
    PracticeState.DRAFT: "draft",
    PracticeState.SUBMITTED: "submitted",
    PracticeState.PUBLISHED: "approved",
    PracticeState.WITHDRAWN: "closed",
}


def rows_of(effect: Effect) -> list[dict[str, Any]]:
    """Indicator, what is compared, before and after; empty unless both years are approved."""
    if effect.before is None or effect.after is None:
        return []
    failing = {"name": gettext("不达标的评估单元"), "what": gettext("个数和比例")}
    both = {"before": _failing(effect.before), "after": _failing(effect.after)}
    rows: list[dict[str, Any]] = [{**failing, **both}]
    for each in effect.verdicts:
        name = gettext("资源配置（A）") if each.indicator == "A" else each.indicator
        before, after = str(VERDICTS[each.before]), str(VERDICTS[each.after])
        looks = {"before_look": each.before, "after_look": each.after}
        rows.append(
            {"name": name, "what": gettext("判定"), "before": before, "after": after, **looks}
        )
    for each in effect.coefficients:
        name = f"{each.indicator} {gettext(STAGE_LABELS[each.stage])}"
        told = {
            "before": shown(each.before, COEFFICIENT),
            "after": shown(each.after, COEFFICIENT),
        }
        rows.append({"name": name, "what": gettext("差异系数"), "is_inside": True, **told})
    return rows


def missing_words(effect: Effect, years: tuple[int, int]) -> str:
    """Why there are no figures: the years without an approval that stands."""
    sides = zip(years, (effect.before, effect.after), strict=True)
    lacking = [year for year, side in sides if side is None]
    if not lacking:
        return ""
    sentence = _("资料不足：%s 年度没有复核通过的自查，两年都有才比较。")
    return str(sentence) % listed(lacking)


def _failing(side: Readiness) -> str:
    if not side.unit_count:
        return gettext("无法判定")
    share = percent(Decimal(side.failing_unit_count) / side.unit_count)
    facts = {"failing": side.failing_unit_count, "units": side.unit_count, "share": share}
    return gettext("%(failing)s / %(units)s 个，%(share)s") % facts
