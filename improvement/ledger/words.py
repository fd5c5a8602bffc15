"""What is said of a problem, and what people are told of the ledger, in the reader's language."""

from collections.abc import Callable, Mapping
from typing import Any

from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from districts.wording import inside
from figures.table import VETO_NAMES
from indicators.calculation.judged import Failing
from indicators.requirements import failing_words

MOST_NAMED = 8  # schools in the words of a problem
THRESHOLD, SPREAD, REQUIREMENT, VETO = "threshold", "spread", "requirement", "veto"
Facts = Mapping[str, Any]


def _name(facts: Facts) -> str:
    """The indicator's, as its version of the standard has it."""
    english = facts["english_name"] if get_language() == "en" else ""
    return str(english or facts["name"])


def _veto_name(item: str) -> str:
    return VETO_NAMES.get(item, item)


def _requirement(facts: Facts) -> str:
    named = gettext("；").join(failing_words(Failing(**each)) for each in facts["failing"])
    said = gettext("%(name)s没有达到要求") % {"name": _name(facts)}
    return gettext("%(said)s：%(named)s") % {"said": said, "named": named} if named else said


# What figures say is kept as what it is made of: name of the sentence, and the facts in it.
# Rooms above add theirs.
SENTENCES: dict[str, Callable[[Facts], str]] = {
    THRESHOLD: lambda facts: gettext("%(name)s没有到达标值") % {"name": _name(facts)},
    SPREAD: lambda facts: (
        gettext("%(name)s的校际差异系数超过限值") % {"name": inside(_name(facts))}
    ),
    REQUIREMENT: _requirement,
    VETO: lambda facts: gettext("一票否决：%s") % gettext(_veto_name(facts["item"])),
}

NOTICES: dict[str, Any] = {
    "ledger.figures": _(
        "%(unit)s的问题台账：新登记 %(find)s 个，%(meets)s 个数据已达标、等待销号，"
        "%(fails)s 个重新整改。"
    ),
    "ledger.claim": _("%(unit)s申请销号 %(count)s 个问题，申请人%(actor)s：%(comment)s"),
    "ledger.recall": _("%(unit)s撤回了 %(count)s 个问题的销号申请，撤回人%(actor)s。"),
    "ledger.close": _("%(unit)s有 %(count)s 个问题已销号，销号人%(actor)s。"),
    "ledger.decline": _("%(unit)s有 %(count)s 个问题没有销号，请继续整改；%(actor)s：%(comment)s"),
    "ledger.take_back": _("%(actor)s收回了%(unit)s %(count)s 个问题的销号：%(comment)s"),
    "ledger.reopen": _("%(actor)s要求%(unit)s重新整改 %(count)s 个问题：%(comment)s"),
    "ledger.void": _("%(actor)s作废了%(unit)s的 %(count)s 个问题：%(comment)s"),
    "ledger.settled": _("%(unit)s有 %(count)s 个问题的复核意见已了结，等待督学销号。"),
    "ledger.late": _("%(unit)s有 %(count)s 个问题过了整改期限，最早的应在 %(due_on)s前改好。"),
    "ledger.late_chief": _(
        "%(unit)s有 %(count)s 个问题逾期 15 个工作日以上，最早的应在 %(due_on)s前改好。"
    ),
    "ledger.late_city": _(
        "%(unit)s有 %(count)s 个问题逾期 30 个工作日以上，最早的应在 %(due_on)s前改好。"
    ),
}
