"""A decision in two pages: what will happen, to be confirmed, and what happened."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _

from audit.refusals import Refused, Stale
from districts.access import SignedInRequest
from districts.models import User
from districts.wording import noted
from selfchecks.forms import kept_text
from selfchecks.models import Notice, ReviewEntry, SelfCheck
from selfchecks.models.review import Word
from selfchecks.remarks import is_open, names_of, threads
from selfchecks.services import decisions, reviews
from selfchecks.services.asking import objections_of
from selfchecks.services.blockers import blocker_of
from selfchecks.services.notices import people_of
from selfchecks.services.steps import AlreadyTaken, open_steps
from selfchecks.services.undoing import UNDOING, undoable
from selfchecks.step import Step
from selfchecks.workflow import DECIDING, STEP

from .review_page import REASONS, ReviewForm
from .review_parts import Review
from .work import DeskView, next_for

SHEETS = (*DECIDING, *UNDOING)
DECISION = "admin:selfchecks_selfcheck_decide"
TO_CORRECT = timedelta(days=7)  # what a district gets at least for corrections, unless changed


class DecisionPage(DeskView):
    """What both pages stand on: the self-check their address names, and its newest result."""

    self_check: SelfCheck

    def find(self, **named: Any) -> None:
        rows = SelfCheck.objects.select_related("district", "standard", "inspector")
        self.self_check = rows.get_visible(self.request.user, pk=named["object_id"])

    def render(self, context: Any, status: int = 200, template: str = "") -> HttpResponse:
        rows = self.self_check.evaluations.select_related("upload", "evaluated_by")
        newest = rows.order_by("-number").defer("inputs", "rules", "outcome").first()
        context = {"self_check": self.self_check, "latest": newest, **context}
        return super().render(context, status, template)

    def named(self, step: Step) -> str:
        """What the step does to which unit, as its button says it."""
        return step.names(self.self_check.district.display_name)


class DecideView(DecisionPage):
    """The summary: what will be sent, to whom, on which figures. Nothing on it is chosen yet."""

    keeps_text = ("comment", "due_on")
    template_name = "admin/selfchecks/decide.html"
    step: Step

    def find(self, **named: Any) -> None:
        if named["step"] not in SHEETS:
            raise Http404
        super().find(**named)
        self.step = STEP[named["step"]]

    def get(self, request: SignedInRequest, object_id: int, step: str) -> HttpResponse:
        refusal = blocker_of(self.self_check, self.step, request.user)
        return self.page(ReviewForm(kept_text(request)), refusal)

    def post(self, request: SignedInRequest, object_id: int, step: str) -> HttpResponse:
        form = ReviewForm(request.POST.dict())
        try:
            entry = self.decide(form)
        except AlreadyTaken as repeated:
            if form.comment_for(self.step) != repeated.entry.comment:
                return self.page(form, repeated)
            messages.info(request, str(repeated))
            entry = repeated.entry
        except Refused as refusal:
            self.self_check.refresh_from_db()
            return self.page(form, refusal)
        return redirect("admin:selfchecks_selfcheck_decided", object_id, entry.number)

    def decide(self, form: ReviewForm) -> ReviewEntry:
        """A day that stands already is no new one."""
        due_on = form.due_on if self.step.takes_due_date else None
        entry = decisions.decide(
            self_check=self.self_check,
            by=self.request.user,
            seen=form.data.get("seen"),
            step=self.step.name,
            comment=form.comment_for(self.step),
            evaluation_digest=form.digest or None,
            expected_version=form.version,
            due_on=due_on if due_on != self.self_check.due_on else None,
        )
        done = {"self_check": self.self_check, "step": self.step.label}
        messages.success(self.request, _("%(self_check)s：已办理「%(step)s」。") % done)
        return entry

    def page(self, form: ReviewForm, refusal: Refused | None) -> HttpResponse:
        self_check, step = self.self_check, self.step
        told = people_of(self_check, step.tells)
        is_older = isinstance(refusal, Stale) and not isinstance(refusal, decisions.Overtaken)
        blocked = blocker_of(self_check, step, self.request.user)
        context = {
            "title": _("%(decision)s %(year)s 年度自查")
            % {"decision": self.named(step), "year": self_check.year},
            "button": self.named(step),
            "step": step,
            "is_open": blocked is None and not is_older,
            "told": in_words(person for person in told if person != self.request.user),
            "version": form.version or self.request.GET.get("version") or self_check.version,
            "undone": undoable(self_check, step) if step.undoes else None,
            "objections": objections_of(self_check) if step.weighs_objections else "",
            "reasons": REASONS.items() if step.name in DECIDING and step.needs_comment else (),
            "new_due_on": form.data.get("due_on", self.suggested_day()),
            "typed": form,
            "refusal": refusal,
            "seen": decisions.token_of(self_check),
            **({} if step.undoes else self.written()),
        }
        return self.render(context, refusal.status if refusal else 200)

    def written(self) -> dict[str, Any]:
        """What goes with the decision, or is not looked at yet; what is accepted says nothing."""
        names = names_of(self.self_check)
        newest = self.self_check.evaluations.order_by("-number").defer("inputs", "outcome").first()
        rows = reviews.words_for(newest, self.request.user) if newest else ()
        review = Review(self.self_check, self.request.user, ReviewForm({}))
        return {
            "unseen": len(review.unseen) if review.evaluation else 0,
            "unseen_lines": review.unseen_lines() if review.evaluation else (),
            "words": [(names[row.indicator], row) for row in rows if row.word != Word.ACCEPTED],
            "remarks": threads(self.self_check, is_open),
        }

    def suggested_day(self) -> str:
        """For a return: the day that stands, while it leaves the district some days."""
        soon = timezone.localdate() + TO_CORRECT
        return max(self.self_check.due_on, soon).isoformat()


class DecidedView(DecisionPage):
    """Where a decision leads: what was done and who was told; the next one stands elsewhere."""

    template_name = "admin/selfchecks/decided.html"

    def get(self, request: SignedInRequest, object_id: int, number: int) -> HttpResponse:
        rows = ReviewEntry.objects.select_related("self_check__district", "upload", "evaluation")
        rows = rows.defer("evaluation__inputs", "evaluation__rules", "evaluation__outcome")
        entry = rows.get_visible(
            request.user, self_check=self.self_check, number=number, step__in=SHEETS
        )
        step = STEP[entry.step]
        context = {
            "title": _("已办理：%(decision)s %(year)s 年度自查")
            % {"decision": self.named(step), "year": self.self_check.year},
            "entry": entry,
            "told": in_words(notice.recipient for notice in told_of(entry)),
            "undoing": self.undoing(entry),
            "following": next_for(request.user, after=self.self_check),
        }
        return self.render(context)

    def undoing(self, entry: ReviewEntry) -> dict[str, Any] | None:
        """How to take it back, or why no longer; nothing once something else was decided."""
        for offer in open_steps(self.self_check, self.request.user):
            if offer.step.undoes == entry.step and undoable(self.self_check, offer.step) == entry:
                return {"offer": offer, "button": self.named(offer.step)}
        return None


def told_of(entry: ReviewEntry) -> Iterable[Notice]:
    """The letters that went out with a step."""
    rows = Notice.objects.filter(self_check=entry.self_check_id, kind=f"step.{entry.step}")
    written = rows.filter(dedup_key__contains=f":{entry.self_check_id}:{entry.number}:")
    return written.select_related("recipient").order_by("pk")


def in_words(people: Iterable[User]) -> list[str]:
    """Each with what they are: 陈静（填报员）."""
    return [noted(person.display_name, person.get_role_display()) for person in people]
