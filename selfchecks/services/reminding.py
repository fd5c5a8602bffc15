"""The nudge to districts that have not submitted: what it says, whom it reaches, once a day."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import Max, OuterRef, Subquery
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext, gettext_lazy
from django.utils.translation import gettext_lazy as _

from audit.refusals import NotAllowed, Unusable
from audit.services import record
from districts.models import User
from districts.roles import DISTRICT_ROLES, Role
from districts.wording import day_text
from selfchecks.models import Notice, SelfCheck
from selfchecks.services.notice_words import TEXTS, text_of
from selfchecks.services.notices import people_of, post

REMINDER = "reminder"
MAY_REMIND = (Role.INSPECTOR, Role.MANAGER)
LONGEST = 500
# What stands in the words for the facts of each district.
GAPS: dict[str, str | Promise] = {
    "unit": gettext_lazy("〔区县〕"),
    "year": gettext_lazy("〔年度〕"),
    "due_on": gettext_lazy("〔截止日〕"),
}
_GAP = re.compile("〔[^〕]*〕")


@dataclass(frozen=True, slots=True)
class Reminded:
    """Which districts were reminded, and which had been reminded today or have nothing to do."""

    reminded: tuple[SelfCheck, ...]
    skipped: tuple[SelfCheck, ...]


@dataclass(frozen=True, slots=True)
class Letter:
    """What a district would read; ``skipped_because`` is empty when it would be sent."""

    self_check: SelfCheck
    text: str
    skipped_because: str


def last_reminder() -> Subquery:
    """When the district of a self-check was last nudged, for a query of self-checks."""
    reminded = Notice.objects.filter(self_check=OuterRef("pk"), kind=REMINDER)
    return Subquery(
        reminded.values("self_check").annotate(last=Max("created_at")).values("last"),
    )


def usual_words(by: User) -> str:
    """What a nudge says unless somebody writes it otherwise, with its gaps."""
    return str(TEXTS[REMINDER] % {"actor": by.display_name, **GAPS})


def preview(*, self_checks: Iterable[SelfCheck], by: User, words: str = "") -> list[Letter]:
    """The text of each reminder before anything is sent. Raises as ``remind`` does."""
    _refuse_unless_may_remind(by)
    own, rows = own_words(words, by), list(self_checks)
    done = _reminded_today(rows)
    return [_letter(self_check, self_check.pk in done, own, by) for self_check in rows]


def own_words(words: str, by: User) -> str:
    """Empty where they are the usual ones, which each reader has in her language. Raises Unusable
    for too many words, what nobody sees, or a gap nothing is known for."""
    words = words.strip()
    if len(words) > LONGEST:
        raise Unusable.at("words", gettext("催办的内容最多 %s 字。") % LONGEST)
    if not all(each.isprintable() or each.isspace() for each in words):
        raise Unusable.at("words", gettext("有看不见的控制字符；请删去后重新填写。"))
    for gap in _GAP.findall(words):
        if gap not in set(map(str, GAPS.values())):
            facts = {"gap": gap, "known": " ".join(map(str, GAPS.values()))}
            raise Unusable.at("words", gettext("没有「%(gap)s」这一项；可用：%(known)s。") % facts)
    return "" if words == usual_words(by) else words


def _letter(self_check: SelfCheck, is_done: bool, words: str, by: User) -> Letter:
    because: str | Promise = ""
    if not self_check.awaits_district:
        because = _("已报送，不需要催办")
    elif is_done:
        because = _("今天已催办过")
    params = {"unit": self_check.district.name, "year": self_check.year}
    text = text_of(Notice(kind=REMINDER, params=params | _params(self_check, words, by)))
    return Letter(self_check, text, str(because))


def _params(self_check: SelfCheck, words: str, by: User) -> dict[str, Any]:
    own = {"words": _filled(words, self_check)} if words else {}
    return {"actor": by.display_name, "due_on": self_check.due_on.isoformat(), **own}


def _filled(words: str, self_check: SelfCheck) -> str:
    facts = {
        "unit": self_check.district.display_name,
        "year": str(self_check.year),
        "due_on": day_text(self_check.due_on),
    }
    for name, gap in GAPS.items():
        words = words.replace(str(gap), facts[name])
    return words


def _reminded_today(self_checks: Iterable[SelfCheck]) -> set[int]:
    """Keys of the self-checks whose district was nudged on the day."""
    rows = Notice.objects.filter(
        kind=REMINDER, self_check__in=list(self_checks), dedup_key__contains=f":{_today()}:"
    )
    return set(rows.values_list("self_check", flat=True))


def _today() -> str:
    return timezone.localdate().isoformat()


def _refuse_unless_may_remind(by: User) -> None:
    if by.role not in MAY_REMIND:
        raise NotAllowed(_("催办由市级督学或市级管理员进行，您的账号不能做这一步。"))


@transaction.atomic
def remind(*, self_checks: Iterable[SelfCheck], by: User, words: str = "") -> Reminded:
    """Nudge districts that have not submitted; pressed twice, it tells nobody twice in a day."""
    _refuse_unless_may_remind(by)
    own = own_words(words, by)
    reminded: list[SelfCheck] = []
    skipped: list[SelfCheck] = []
    for self_check in self_checks:
        is_told = self_check.awaits_district and _post(self_check, own, by)
        (reminded if is_told else skipped).append(self_check)
    for self_check in reminded:
        code = self_check.district.code
        record(action="self_check.remind", by=by, on=self_check, district_code=code, reason=own)
    return Reminded(tuple(reminded), tuple(skipped))


def _post(self_check: SelfCheck, words: str, by: User) -> list[Notice]:
    return post(
        kind=REMINDER,
        self_check=self_check,
        to=people_of(self_check, DISTRICT_ROLES),
        key=_today(),
        by=by,
        **_params(self_check, words, by),
    )
