"""May this unit apply for national certification? Every condition with its state, and why."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, OuterRef, Q, Subquery
from django.urls import reverse
from django.utils.translation import gettext as _

from audit.reasons import fault_of_required
from audit.refusals import Conflict, Unusable
from districts.models import District, User
from districts.roles import MUNICIPAL_ROLES, Role
from districts.sources import web
from districts.wording import day_text, listed
from indicators.wording import VERDICTS
from schedule.models import Asked, BasicBalance
from schedule.services.reading import today
from selfchecks.models import IndicatorResult, ReviewEntry, SelfCheck, State
from selfchecks.services.documents import Documents, documents_of_all
from selfchecks.services.readiness import latest_approvals
from selfchecks.workflow import ASKING

OK, BLOCKED, UNKNOWN = "ok", "blocked", "unknown"
STATES = (OK, BLOCKED, UNKNOWN)
YEARS_BEFORE = 3  # 基本均衡 comes at least so long before
STATE_OF_VERDICT = {"met": OK, "not_met": BLOCKED}


@dataclass(frozen=True, slots=True)
class Condition:
    """One thing that is asked: ``words`` say what was found, ``link`` leads to where it stands."""

    code: Asked
    state: str
    words: str
    link: str = ""

    @property
    def is_met(self) -> bool:
        return self.state == OK


Conditions = tuple[Condition, ...]


def conditions_of(
    districts: Iterable[District],
    day: date | None = None,
    approvals: Mapping[str, ReviewEntry] | None = None,
) -> dict[str, Conditions]:
    """District code → what is asked of it, by what is known today; nothing is assumed to hold.

    ``approvals`` are the newest of each unit, for who has asked for them already.
    """
    units, day = list(districts), day or today()
    known = latest_approvals(units, day=day) if approvals is None else approvals
    facts = _Facts(units, day, known)
    return {unit.code: tuple(facts.conditions(unit)) for unit in units}


def unmet_of(district: District, day: date | None = None) -> Conditions:
    return tuple(each for each in conditions_of([district], day)[district.code] if not each.is_met)


def weigh(district: District, *, by: User, reason: str) -> tuple[list[str], str]:
    """What an application is recorded against, and why.

    Raises Conflict for everybody but a manager while something is not met or not known, Unusable
    for a manager without a reason.
    """
    unmet = unmet_of(district)
    if not unmet:
        return [], ""
    found = "".join(f"{each.code.label}:{each.words}" for each in unmet)
    sentence = _("%(unit)s现在还不能申请国家认定。%(found)s") % {"unit": district, "found": found}
    if by.role != Role.MANAGER:
        more = _("确需录入的，由市级管理员写明理由后录入。")
        raise Conflict(sentence + more, code="may_not_apply")
    fault = fault_of_required(reason, sentence + _("仍要录入的，请写明理由。"))
    Unusable.check({"unmet_reason": fault}, code="may_not_apply")
    return [each.code for each in unmet], reason.strip()


class _Facts:
    """What the conditions rest on, for any number of units in a handful of questions."""

    def __init__(
        self, units: list[District], day: date, approvals: Mapping[str, ReviewEntry]
    ) -> None:
        self.day, self.approvals = day, approvals
        self.balances = {row.district_id: row for row in BasicBalance.objects.all()}
        approved = [approvals[unit.code].self_check for unit in units if unit.code in approvals]
        keys = [self_check.pk for self_check in approved]
        self.open = {row["pk"]: row for row in _what_is_open(keys)} if keys else {}
        self.documents = documents_of_all(approved) if approved else {}

    def conditions(self, unit: District) -> Iterator[Condition]:
        yield self._balance(unit)
        approval = self.approvals.get(unit.code)
        if approval is None:
            yield Condition(
                Asked.SELF_CHECK, BLOCKED, _("还没有复核通过的自查。"), reverse("self-checks")
            )
            for code in (Asked.EVIDENCE, Asked.VETO, Asked.OPEN):
                yield Condition(code, UNKNOWN, _("要有复核通过的自查才能判断。"))
            return
        yield self._meets(approval)
        yield _evidence(approval, self.documents[approval.self_check_id])
        yield self._veto(approval)
        yield self._open(approval)

    def _balance(self, unit: District) -> Condition:
        row = self.balances.get(unit.pk)
        if row is None:
            return Condition(
                Asked.BALANCE, UNKNOWN, self._unknown(unit), reverse("unit", args=[unit.code])
            )
        since = _years_after(row.passed_by)
        facts = {"day": day_text(row.passed_by), "since": day_text(since)}
        words = _("最晚 %(day)s已通过基本均衡认定，%(since)s起满三年。") % facts
        return Condition(
            Asked.BALANCE, OK if since <= self.day else BLOCKED, words, web(row.source)
        )

    def _unknown(self, unit: District) -> str:
        """A new unit has no record of its own; whether it inherits one is not ours to say."""
        came = unit.inheritances.filter(date__lte=self.day, withdrawn_on=None)
        before = [one.predecessor for one in came.select_related("predecessor")]
        passed = [one for one in before if one.pk in self.balances]
        if not passed:
            return _("没有它通过基本均衡认定的记录。")
        sentence = _("它由%s而来，原单位都有记录；是否由它承接，待市级明确。")
        return sentence % listed(dict.fromkeys(map(str, passed)))

    @staticmethod
    def _meets(approval: ReviewEntry) -> Condition:
        assert approval.evaluation
        verdict = approval.evaluation.verdict
        facts = {"year": approval.self_check.year, "verdict": VERDICTS[verdict]}
        words = _("%(year)s 年度自查复核通过的结果是「%(verdict)s」。") % facts
        link = _page(approval, "self-check-result")
        return Condition(Asked.SELF_CHECK, STATE_OF_VERDICT.get(verdict, UNKNOWN), words, link)

    def _veto(self, approval: ReviewEntry) -> Condition:
        verdict = self.open[approval.self_check_id]["veto"] or ""
        words = {
            "met": _("各项都答「否」。"),
            "not_met": _("自查里有一票否决事项答「是」。"),
        }.get(verdict, _("自查里的一票否决事项没有答全。"))
        state = STATE_OF_VERDICT.get(verdict, UNKNOWN)
        return Condition(Asked.VETO, state, words, _page(approval, "self-check-result"))

    def _open(self, approval: ReviewEntry) -> Condition:
        found = list(self._pending(approval.self_check))
        link = _page(approval, "self-check-comments" if found else "self-check-trail")
        words = _("%s。") % listed(found) if found else _("没有未办结的意见、申请和更正。")
        return Condition(Asked.OPEN, BLOCKED if found else OK, words, link)

    def _pending(self, self_check: SelfCheck) -> Iterator[str]:
        row = self.open[self_check.pk]
        if self_check.state != State.APPROVED:
            yield _("自查通过后又打开了，现在是「%s」") % self_check.get_state_display()
        if row["last_step"] == ASKING:
            yield _("区县申请重新开启，还没有答复")
        if row["open_remarks"]:
            yield _("还有 %s 条意见没有办结") % row["open_remarks"]


def _what_is_open(keys: list[int]) -> Iterable[dict[str, Any]]:
    """Of self-checks: the verdict on the veto, the city's open remarks and the last step."""
    veto = IndicatorResult.objects.filter(
        evaluation=OuterRef("approved_evaluation"), indicator="V"
    ).order_by()
    of_city = Q(comments__written_by__role__in=MUNICIPAL_ROLES)
    is_open = Q(comments__parent=None, comments__settled_at=None) & of_city
    last = ReviewEntry.objects.filter(self_check=OuterRef("pk")).order_by("-number")
    return (
        SelfCheck.objects.filter(pk__in=keys)
        .values("pk")
        .annotate(
            veto=Subquery(veto.values("verdict")[:1]),
            open_remarks=Count("comments", filter=is_open),
            last_step=Subquery(last.values("step")[:1]),
        )
    )


def _years_after(day: date) -> date:
    try:
        return day.replace(year=day.year + YEARS_BEFORE)
    except ValueError:  # the 29th of February
        return date(day.year + YEARS_BEFORE, 3, 1)


def _evidence(approval: ReviewEntry, documents: Documents) -> Condition:
    """Also where an older version of the standard only points out what is missing."""
    link = _page(approval, "self-check-explanations")
    if not documents.missing:
        return Condition(Asked.EVIDENCE, OK, _("要求附佐证材料的各项都附了。"), link)
    facts = {"count": len(documents.missing), "names": documents.missing_in_words}
    words = _("还有 %(count)s 项没有附佐证材料：%(names)s。") % facts
    return Condition(Asked.EVIDENCE, BLOCKED, words, link)


def _page(approval: ReviewEntry, name: str) -> str:
    return reverse(name, args=[approval.self_check.reference])
