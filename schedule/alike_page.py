"""与您相近的区县: a unit beside those most like it, how they were found, and what each reached."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from districts.models import District
from figures.shown import percent
from schedule import atlas_table as drawn
from schedule.alike import PLACES, SHOWN, Likeness, Profile, most_alike
from schedule.atlas import Atlas
from schedule.services.atlas import profiles
from selfchecks.models import State


def likenesses(atlas: Atlas, district: District) -> dict[str, Any]:
    """Only units whose approval of the year stands and is not open again are compared."""
    results = [
        result
        for (_code, year), result in atlas.results.items()
        if year == atlas.year and result.state == State.APPROVED
    ]
    known = profiles(results)
    own = known.get(district.code)
    found = {"atlas": atlas, "source": drawn.source_words(atlas), "method": list(method())}
    if own is None or not own.is_known:
        return found
    alike = most_alike(own, known.values())
    shown = [district.code, *(each.profile.code for each in alike)]
    lines = {line.standing.code: line for line in atlas.lines}
    return found | {
        "facts": [
            _facts(atlas, own, None),
            *(_facts(atlas, each.profile, each) for each in alike),
        ],
        "places": [_(place) for place in PLACES],
        "groups": drawn.groups_of(atlas),
        "columns": [(c.head, c.title) for c in atlas.columns],
        "rows": drawn.rows(atlas, [lines[code] for code in shown if code in lines]),
        "wide": len(atlas.columns) + 4,
    }


def _facts(atlas: Atlas, profile: Profile, found: Likeness | None) -> dict[str, Any]:
    unit = atlas.position.districts[profile.code]
    return {
        "unit": unit,
        "address": reverse("unit", args=[unit.code]),
        "pupils": f"{profile.pupils:,}",
        "schools": profile.schools,
        "mix": [(_(place), percent(str(profile.share(place)), 0)) for place in PLACES],
        "found": found,
    }


def method() -> list[str]:
    """In plain words, with the formula; anybody can work it out again."""
    return [
        _("学生数相差：两个单位学生数之比，取以 2 为底的对数；多一倍算 1，多三倍算 2。"),
        _("学校数相差：同样的算法。"),
        _("城乡构成相差：要使城区、镇区、乡村学生的比例一样，得挪动多少学生；挪动一半算 1。"),
        _("三项相加就是「相差」，越小越相近；列出最小的 %s 个，并列的按代码。") % SHOWN,
        "D = |log₂(P₁/P₂)| + |log₂(S₁/S₂)| + Σ|r₁−r₂|",
        _("P 是学生数，S 是学校数，r 是城区、镇区、乡村学生各占的比例。"),
        _("用这一年复核通过的自查里填报的小学和初中在校生数、学校数；不看任何指标的结果。"),
    ]
