"""Says in plain words what 回头看 found and what people are told of it."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from districts.roles import Role
from districts.special_cases import CASES
from districts.wording import day_text, listed, noted
from figures.table import STAGE_LABELS
from schedule.look_back_workflow import HOLDING, OPENING, STEPS, WITHDRAWING, awaited_from
from schedule.models import CaseState, Grade, LookBack, LookBackEntry, Origin

FELL = "fell"  # the sentence of the ledger for one thing that got worse
BY_THE_PORTAL = {
    OPENING: _("开始回头看"),
    HOLDING: _("保持达标"),
    WITHDRAWING: _("复核通过已收回，回头看终止"),
}
LABELS: dict[str, Any] = {**BY_THE_PORTAL, **{step.name: step.label for step in STEPS}}
NOTICES: dict[str, Any] = {
    f"look_back.{OPENING}": _(
        "%(unit)s %(year)s 年度回头看发现退步，请在 %(due_on)s前报送整改措施。"
    ),
    "look_back.due_soon": _(
        "%(unit)s %(year)s 年度回头看还有 %(days)s 个工作日到期（%(due_on)s）。"
    ),
    "look_back.overdue": _(
        "%(unit)s %(year)s 年度回头看已逾期 %(days)s 个工作日（期限 %(due_on)s）。"
    ),
    **{f"look_back.{step.name}": step.notice for step in STEPS},
    "grant.soon": _(
        "%(unit)s的奖补资金（%(document)s，%(amount)s 元）%(due_on)s到期，不到 %(months)s 个月。"
    ),
    "grant.due": _(
        "%(unit)s的奖补资金（%(document)s，%(amount)s 元）已于 %(due_on)s到期，未完成创建，应追回。"
    ),
    "grant.extend": _("%(unit)s的奖补资金（%(document)s）延期到 %(due_on)s：%(comment)s"),
    "grant.recover": _("%(unit)s的奖补资金（%(document)s）追回 %(amount)s 元：%(comment)s"),
    "grant.void": _("%(unit)s的奖补资金（%(document)s）是录错的，已作废：%(comment)s"),
    "plan.moved": _(
        "第 %(number)s 版规划（%(document)s）把%(unit)s的规划年份由 %(was)s 年改为 %(year)s 年："
        "%(comment)s"
    ),
    "plan.entered": _(
        "第 %(number)s 版规划（%(document)s）列入%(unit)s，规划年份 %(year)s 年：%(comment)s"
    ),
}


# How a state looks: the name of its colour, and its glyph.
LOOKS: dict[str, tuple[str, str]] = {
    CaseState.HELD: ("pass", "✓"),
    CaseState.OPENED: ("near", "!"),
    CaseState.RECTIFYING: ("rev", "○"),
    CaseState.REPORTED: ("nat", "◐"),
    CaseState.LIMITED: ("late", "!"),
    CaseState.REPORTED_AGAIN: ("nat", "◐"),
    CaseState.PASSED: ("pass", "✓"),
    CaseState.REVOKED: ("fail", "×"),
    CaseState.CLOSED: ("idle", "–"),
}


def step_words(entry: LookBackEntry) -> str:
    return str(LABELS.get(entry.step, entry.step))


def finding_words(found: Mapping[str, str]) -> str:
    """One thing that got worse, as a sentence without its figures."""
    place = found["school_name"] or gettext("全区县")
    if found["stage"]:
        place = gettext("%(place)s %(stage)s") % {
            "place": place,
            "stage": gettext(STAGE_LABELS[found["stage"]]),
        }
    subject = gettext("一票否决") if found["indicator"] == "V" else found["indicator"]
    if found["field"] == "cv":
        subject = (gettext("%s 差异系数") % subject).strip()
    said = f"{subject} {GRADE_WORDS[found['grade']]}".lstrip()
    return gettext("%(place)s：%(said)s") % {"place": place, "said": said}


def ledger_words(found: Mapping[str, str]) -> str:
    """The same for the ledger, where the indicator stands before it."""
    return finding_words({**found, "indicator": ""})


GRADE_WORDS: dict[str, Any] = {
    Grade.FLOOR: _("新落到基本值上"),
    Grade.UNKNOWN: pgettext_lazy("fell back", "无法判定"),
    Grade.FAILING: pgettext_lazy("fell back", "不达标"),
    Grade.LOST: _("不达标（区县一级）"),
}


def subject_words(case: LookBack) -> str:
    """What the case is about, in one line."""
    if case.origin == Origin.COMMITMENT:
        assert case.promised_on
        return gettext("%(school)s：%(case)s，承诺%(day)s前达标") % {
            "school": case.school_name,
            "case": CASES[case.special_case].label,
            "day": day_text(case.promised_on),
        }
    return gettext("%(year)s 年度复核通过的自查") % {"year": case.year}


def line(row: LookBack, day: date) -> dict[str, Any]:
    """One test as tables show it."""
    look, glyph = LOOKS[row.state]
    return {
        "row": row,
        "subject": subject_words(row),
        "look": "late" if row.is_late(day) else look,
        "glyph": "!" if row.is_late(day) else glyph,
        "is_late": row.is_late(day),
    }


# How a grant stands: the name of its colour, and its glyph.
GRANT_LOOKS: dict[str, tuple[str, str]] = {
    "running": ("idle", "–"),
    "soon": ("near", "△"),
    "due": ("late", "!"),
    "done": ("pass", "✓"),
    "recovered": ("pass", "✓"),
    "void": ("idle", "–"),
}


def awaited_words(case: LookBack) -> str:
    """What comes next and who takes it."""
    return listed(
        noted(step.label, listed(Role(role).label for role in step.roles))
        for step in awaited_from(case.state)
    )
