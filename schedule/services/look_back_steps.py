"""Takes a case of 回头看 one step further, or says what stands in the way."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.utils.translation import gettext_lazy as _

from audit.refusals import Conflict, NotAllowed, Refused, Unusable
from districts.models import User
from districts.services.calendar import working_days
from districts.wording import day_text
from improvement.services.flow import Flow, Said
from schedule.look_back_workflow import STEP, STEPS
from schedule.models import CaseState, CertificationEvent, CertificationStep, LookBack, Result
from schedule.services.certifications import record_event
from schedule.services.look_backs import tag_of, tell, write_entry
from selfchecks import clock
from selfchecks.step import Edge, Offer

MOST_DAYS = 250  # working days of a year


def today() -> date:
    """Today in the portal's time zone; an earlier day while the demonstration tells of it."""
    return clock.today()


def open_steps(look_back: LookBack, viewer: User) -> tuple[Offer, ...]:
    """Every step that leaves the present state, open to the viewer or with its blocker."""
    return FLOW.open_steps(look_back, viewer)


def take_step(
    *,
    look_back: LookBack,
    step: str,
    by: User,
    comment: str,
    within: int | None = None,
    expected: str | None = None,
    **revocation: Any,
) -> LookBack:
    """Take one step: case, trail, audit and notices change together.

    ``within`` is how many working days the step gives, the usual number without; ``revocation`` is
    what the event of a revocation needs: ``day``, ``document_number`` and ``source``. Raises
    Http404 beyond one's scope, NotAllowed, Conflict, Stale when somebody was faster, Unusable.
    """
    said = {"comment": comment, "within": within, **revocation}
    return FLOW.take(look_back, step, by, expected, **said)


class _Flow(Flow[LookBack]):
    model, subject, steps = LookBack, "look_back", STEPS
    changed = _("这次回头看刚有人办理；请看过最新情况再办。")
    tag_of = staticmethod(tag_of)

    def not_overdue(self, case: LookBack, edge: Edge, by: User) -> Refused | None:
        """While the district has its time."""
        if not case.awaits_district or case.is_late(today()):
            return None
        assert case.due_on
        sentence = _("期限 %(day)s还没有过；区县没有报送结果以前，过了期限才能「%(step)s」。")
        return Conflict(sentence % {"day": day_text(case.due_on), "step": edge.label})

    def same_hand(self, case: LookBack, edge: Edge, by: User) -> Refused | None:
        """Four eyes: who set the limit does not revoke."""
        last = case.trail.filter(to_state=CaseState.LIMITED).last()
        if last is None or last.actor_id != by.pk:
            return None
        sentence = _("「%(before)s」是您办理的；「%(step)s」须由另一位督学办理。")
        return NotAllowed(sentence % {"before": STEP[last.step].label, "step": edge.label})

    def wanted(self, edge: Edge, name: str) -> Any:
        return _("请填写：%s。") % edge.asks

    def checked(self, edge: Edge, said: Said) -> dict[str, Any]:
        return super().checked(edge, {**said, "within": said["within"] or edge.within})

    def faults(self, edge: Edge, said: Said) -> dict[str, Any]:
        bad = edge.within and not 1 <= said["within"] <= MOST_DAYS
        return {"within": _("工作日数应为 1 到 %s。") % MOST_DAYS if bad else None}

    def change(self, case: LookBack, edge: Edge, by: User, said: Said) -> None:
        case.changed_at = clock.now()
        case.due_on = working_days().after(today(), said["within"]) if edge.within else None
        if edge.target == CaseState.REVOKED:
            case.revocation = _revoke(case, by, said)

    def write_trail(
        self, *, rows: Sequence[Any], was: Sequence[str], edge: Edge, by: Any, comment: str
    ) -> None:
        write_entry(case=rows[0], step=edge.name, before=was[0], by=by, comment=comment)

    def changes_of(self, rows: Sequence[Any], was: Sequence[str]) -> dict[str, Any]:
        return {**super().changes_of(rows, was), "due_on": rows[0].due_on}

    def tell(self, *, rows: Sequence[Any], edge: Edge, by: Any, comment: str) -> None:
        tell(rows[0], edge.name, edge.tells, by=by, comment=comment)


FLOW = _Flow()


def _revoke(look_back: LookBack, by: User, given: Said) -> CertificationEvent:
    """The dated fact by which the unit is certified no more."""
    day = given.get("day")
    if day is None:
        raise Unusable.at("day", _("请填写公布撤销的日期。"))
    announcing = CertificationStep.objects.of_year(day.year).filter(is_announcement=True).first()
    if announcing is None:
        raise Unusable.at("day", _("%s 年没有公布结果的环节；请先登记认定环节。") % day.year)
    return record_event(
        district=look_back.district,
        step=announcing,
        result=Result.REVOKED,
        day=day,
        by=by,
        ending=look_back,
        document_number=given.get("document_number") or "",
        source=given.get("source") or "",
        note=given["comment"][:300],
    )
