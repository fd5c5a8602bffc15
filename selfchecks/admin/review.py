"""The review page of one submission: read, remark, say a word per indicator, decide, go on."""

from datetime import date, timedelta
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views import View

from audit.refusals import Refused, Unusable
from districts.roles import Role
from selfchecks.bureau.access import kept_text
from selfchecks.bureau.remarks import decided_words
from selfchecks.models import Evaluation, ReviewComment, SelfCheck, State
from selfchecks.models.review import Word
from selfchecks.services import decisions, evaluations, reviews, steps
from selfchecks.services.earlier import since_decision
from selfchecks.services.steps import AlreadyTaken
from selfchecks.workflow import STEP

from . import changes, review_page, stale, targets, work
from .review_form import REASONS, Typed, day_of, typed

TEMPLATE = "admin/selfchecks/review.html"
DECISIONS = ("approve", "send_back")
TO_CORRECT = timedelta(days=7)  # what a district gets at least for corrections, unless changed
OTHER_STEPS = ("take_up", "put_back", "reopen")


class ReviewView(View):
    """One page; every button sends the whole form, so that nothing typed is lost."""

    keeps_text = ("word_", "note_", "text", "target", "reason", "comment", "due_on")
    model_admin: Any = None
    self_check: SelfCheck

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        if not self.model_admin.has_view_permission(request):
            raise PermissionDenied
        rows = SelfCheck.objects.select_related("district", "standard", "inspector")
        self.self_check = rows.get_visible(request.user, pk=kwargs["object_id"])
        return super().dispatch(request, *args, **kwargs)

    def get(self, request: HttpRequest, object_id: int) -> HttpResponse:
        return self.page(Typed({"target": request.GET.get("on", ""), **kept_text(request)}))

    def post(self, request: HttpRequest, object_id: int) -> HttpResponse:
        do, _colon, value = request.POST.get("do", "").partition(":")
        said = Typed(request.POST.dict())
        try:
            return self.act(do, value)
        except AlreadyTaken as repeated:
            if do == "send_back" and said.comment != repeated.entry.comment:
                return self.refused(said, repeated)
            messages.info(request, str(repeated))
            return self.onward()
        except Refused as refusal:
            return self.refused(said, refusal)

    def act(self, do: str, value: str) -> HttpResponse:
        """One button. Raises Refused; then nothing at all was changed."""
        if do in OTHER_STEPS:
            return self.step(do)
        if do == "settle":
            return self.settle(value)
        said = typed(self.self_check, self.request.POST)
        if do in DECISIONS:
            return self.decide(do, said)
        if do not in ("keep", "point"):
            raise Unusable(_("没有「%s」这个按钮;请刷新页面。") % do[:20])
        kept = decisions.keep_work(
            self_check=self.self_check, work=said.work, digest=said.digest, by=self.request.user
        )
        if do == "point":
            return redirect(f"{self.address}?on={value}#id_text")
        messages.success(self.request, _("已暂存。") if kept else _("没有新的内容要暂存。"))
        return redirect(self.address)

    def decide(self, do: str, said: Typed) -> HttpResponse:
        decisions.decide(
            self_check=self.self_check,
            step=do,
            work=said.work,
            digest=said.digest,
            by=self.request.user,
            comment=said.comment if do == "send_back" else said.reason_to_approve,
            due_on=self.new_day(said) if do == "send_back" else None,
        )
        messages.success(self.request, self.done(do))
        return self.onward()

    def new_day(self, said: Typed) -> date | None:
        """The day typed, unless it is the one that stands."""
        return said.due_on if said.due_on != self.self_check.due_on else None

    def settle(self, key: str) -> HttpResponse:
        rows = ReviewComment.objects.filter(self_check=self.self_check)
        found = rows.get_visible(self.request.user, pk=int(key) if key.isdecimal() else 0)
        reviews.settle(comment=found, by=self.request.user)
        messages.success(self.request, _("这条意见已办结。"))
        return redirect(f"{self.address}#threads")

    def step(self, do: str) -> HttpResponse:
        """Take up, put back, reopen."""
        steps.take_step(
            self_check=self.self_check,
            step=do,
            by=self.request.user,
            comment=self.request.POST.get("comment", ""),
            due_on=day_of(self.request.POST.get("due_on", "")),
        )
        messages.success(self.request, self.done(do))
        return redirect(self.address)

    def done(self, step: str) -> str:
        return _("%(self_check)s:已办理「%(step)s」。") % {
            "self_check": self.self_check,
            "step": STEP[step].label,
        }

    def onward(self) -> HttpResponse:
        """The next submission that waits for this person, else their list."""
        following = work.next_for(self.request.user, after=self.self_check)
        if following is None:
            return redirect("admin:selfchecks_selfcheck_work")
        return redirect("admin:selfchecks_selfcheck_review", following.pk)

    @property
    def address(self) -> str:
        return reverse("admin:selfchecks_selfcheck_review", args=[self.self_check.pk])

    def refused(self, said: Typed, refusal: Refused) -> HttpResponse:
        """Newer figures get a page of their own with the differences; all else the form again."""
        self.self_check.refresh_from_db()
        newest = evaluations.latest(self.self_check)
        if said.digest and newest and newest.digest != said.digest:
            seen = self.self_check.evaluations.filter(digest=said.digest).first()
            return self.render(stale.TEMPLATE, 412, **stale.context(seen, newest, said))
        return self.page(said, refusal)

    def page(self, said: Typed, refusal: Refused | None = None) -> HttpResponse:
        page = self.built(said)
        newest = page.result.evaluation if page else None
        since = since_decision(self.self_check, newest) if newest else None
        context = {
            "page": page,
            "threads": targets.with_places(self.self_check, review_page.threads(self.self_check)),
            "offers": self.offers(),
            "words": Word.choices,
            "said": decided_words(self.self_check, self.request.user),
            "reasons": REASONS,
            "new_due_on": said.data.get("due_on", self.suggested_day()),
            "on": self.on(said),
            "typed": said,
            "refusal": refusal,
            "tried": self.request.POST.get("do", "") if refusal else "",
            "may_settle": self.request.user.role in (Role.INSPECTOR, Role.MANAGER),
            "trail": [(entry, STEP[entry.step].label) for entry in self.self_check.trail.all()],
            "following": work.next_for(self.request.user, after=self.self_check),
            **changes.context(since),
        }
        return self.render(TEMPLATE, refusal.status if refusal else 200, **context)

    def suggested_day(self) -> str:
        """For a return: the day that stands, while it leaves the district some days."""
        soon = timezone.localdate() + TO_CORRECT
        return max(self.self_check.due_on, soon).isoformat()

    def built(self, said: Typed) -> Any:
        if self.self_check.state not in (State.SUBMITTED, State.IN_REVIEW, State.APPROVED):
            return None
        return review_page.build(self.self_check, self.request.user, said.said)

    def offers(self) -> dict[str, Any]:
        found = steps.open_steps(self.self_check, self.request.user)
        return {offer.step.name: offer for offer in found}

    def on(self, said: Typed) -> targets.Named | None:
        try:
            return targets.named(self.self_check, said.data.get("target", ""))
        except Unusable:
            return None

    def render(self, template: str, status: int, **context: Any) -> HttpResponse:
        name = f"{self.self_check.district.display_name} {self.self_check.year}"
        context = {
            **self.model_admin.admin_site.each_context(self.request),
            "opts": self.model_admin.opts,
            "title": _("复核:%s") % name,
            "self_check": self.self_check,
            "latest": _latest(self.self_check),
            **context,
        }
        return TemplateResponse(self.request, template, context, status=status)


def _latest(self_check: SelfCheck) -> Evaluation | None:
    rows = self_check.evaluations.select_related("upload", "evaluated_by")
    return rows.order_by("-number").defer("inputs", "rules", "outcome").first()
