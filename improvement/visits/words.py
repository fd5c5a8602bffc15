"""A visit in the reader's words: strata, chances, why a school is likely to be drawn."""

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from audit.words import SEPARATOR
from figures.table import STAGE_LABELS
from improvement.models import VisitState
from improvement.sampling.frame import BOTH, LOCATIONS, STAGES
from improvement.sampling.risk import PARTS, points_of
from improvement.services.visit_following import FINISHED, TAKEN_BACK

NOTICES = {
    FINISHED: _(
        "市级督学到%(unit)s查看了 %(schools)s 所学校，记下 %(count)s 个问题，已记入问题台账。"
    ),
    TAKEN_BACK: _("市级督学收回了对%(unit)s的实地查看的结束，正在更正：%(reason)s"),
}
# The chip of a state, as the stylesheet knows it.
LOOKS = {
    VisitState.DRAWN: "submitted",
    VisitState.VISITING: "in_review",
    VisitState.FINISHED: "approved",
    VisitState.CANCELLED: "closed",
}
HOW = (
    _("抽样框是抽样当日名册上的全部学校；每所学校的权重是 1 加上各项风险分。"),
    _("抽中机会与权重成正比：权重 × 抽取数 ÷ 权重之和；达到 1 的必查，其余学校再按余数分。"),
    _("学校按学段、城乡分层排列，层内按 SHA-256（种子|学校标识码）从小到大排。"),
    _(
        "把各校的权重乘以抽取数首尾相接，从 SHA-256（种子|start）定出的起点起，"
        "每隔一个权重之和取一所。"
    ),
    _("同一份抽样框、同一个种子，在任何机器上都抽出同样的学校。"),
)


def stage_label(stage: str) -> str:
    return gettext("小学和初中") if stage == BOTH else gettext(STAGE_LABELS[stage])


def stratum_label(stratum: tuple[int, ...]) -> str:
    """小学 · 城区."""
    stage, location = stratum
    return f"{stage_label(STAGES[stage])}{SEPARATOR}{gettext(LOCATIONS[location])}"


def chance_text(share: Fraction) -> str:
    """必查, or the percentage with the exact fraction it was rounded from."""
    if share == 1:
        return gettext("必查")
    return f"{float(share):.1%} ({share.numerator}/{share.denominator})"


def why(found: Mapping[str, int]) -> list[str]:
    """What a school's weight is made of, part by part, with its points."""
    return [
        f"{_what(name, count)} +{points_of(name, count)}"
        for name in PARTS
        if (count := found.get(name, 0))
    ]


def _what(name: str, count: int) -> str:
    several: dict[str, Any] = {
        "below": ngettext("%s 项低于基本值", "%s 项低于基本值", count),
        "borderline": ngettext("%s 项处于临界", "%s 项处于临界", count),
        "jump": ngettext("%s 个数与上年相差很大", "%s 个数与上年相差很大", count),
        "explained": ngettext("%s 条其他警告作了说明", "%s 条其他警告作了说明", count),
    }
    single = {"failing": _("不达标"), "unknown": _("有的无法判定"), "unvisited": _("还没有去过")}
    return several[name] % count if name in several else str(single[name])
