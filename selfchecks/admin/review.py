"""The review desk of one submission: read, remark, say a word per indicator, decide, go on."""

import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qsl, urlencode

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from audit.refusals import Refused, Unusable
from districts.access import SignedInRequest
from districts.roles import Role
from selfchecks import files
from selfchecks.forms import StepForm, kept_text, step_forms
from selfchecks.models import EvidenceItem, IndicatorReview, ReviewComment, SelfCheck
from selfchecks.models.review import Word
from selfchecks.remarks import decided_words, names_of, threads
from selfchecks.services import decisions, evaluations
from selfchecks.services.blockers import stale
from selfchecks.services.differences import Changes
from selfchecks.services.steps import AlreadyTaken, open_steps, take_step
from selfchecks.workflow import DECIDING, STEP

from .decide import DECISION, SHEETS
from .review_page import ReviewForm, target_of
from .review_parts import Review, changes_in
from .work import DeskView, next_for

NOT_AGAIN = ("do", "seen", "csrfmiddlewaretoken")
_KEY = re.compile("[0-9]{1,18}")


class ReviewView(DeskView):
    """One page; every button sends the whole form, so that nothing typed is lost."""

    keeps_text = ("word_", "note_", "text", "target")
    template_name = "admin/selfchecks/review.html"
    self_check: SelfCheck

    def find(self, **named: int) -> None:
        rows = SelfCheck.objects.select_related("district", "standard", "inspector")
        rows = rows.prefetch_related("participations", "trail")
        self.self_check = rows.get_visible(self.request.user, pk=named["object_id"])

    def get(self, request: SignedInRequest, object_id: int) -> HttpResponse:
        asked = {name: request.GET.get(name, "") for name in ("part", "item", "page")}
        on = {"target": request.GET.get("on", "")}
        return self.page(ReviewForm({**asked, **on, **kept_text(request)}))

    def post(self, request: SignedInRequest, object_id: int) -> HttpResponse:
        do, _colon, value = request.POST.get("do", "").partition(":")
        form = ReviewForm(request.POST.dict())
        try:
            return self.act(do, value, form)
        except AlreadyTaken as repeated:
            messages.info(request, str(repeated))
            return redirect(self.address)
        except decisions.Overtaken as overtaken:
            return self.overtaken(do, form, overtaken)
        except Refused as refusal:
            return self.refused(form, refusal)

    def act(self, do: str, value: str, form: ReviewForm) -> HttpResponse:
        """One button. Raises Refused; then nothing at all was changed."""
        if do in STEP and do not in SHEETS:
            return self.take(StepForm.sent(self.request, step=STEP[do]))
        if do == "settle":
            return self.settle(value, form)
        if do not in ("keep", "point", "go", "seen", *DECIDING):
            raise Unusable(_("没有「%s」这个按钮；请刷新页面。") % do[:20])
        if do in DECIDING and form.version not in (None, self.self_check.version):
            raise stale(self.self_check)
        kept = decisions.keep_work(
            self_check=self.self_check,
            work=form.work(self.self_check),
            digest=form.digest,
            by=self.request.user,
            seen=form.data.get("seen"),
        )
        if do in DECIDING:
            sheet = reverse(DECISION, args=[self.self_check.pk, do])
            return redirect(f"{sheet}?version={self.self_check.version}")
        where, place = form.here, ""
        if do == "point":
            where, place = {**where, "on": value}, "id_text"
        elif do == "seen":
            self.review(form).mark_seen(form.item)
            where, place = {"item": value}, "open"
        elif do == "go":
            where, place = dict(parse_qsl(value)), "open"
        if kept or do == "keep":
            messages.success(self.request, _("已暂存。") if kept else _("没有新的内容要暂存。"))
        asked = urlencode({name: text for name, text in where.items() if text})
        return redirect(
            self.address + (f"?{asked}" if asked else "") + (f"#{place}" if place else "")
        )

    def review(self, form: ReviewForm) -> Review:
        return Review(self.self_check, self.request.user, form)

    def take(self, form: StepForm) -> HttpResponse:
        """A step that decides nothing: take up, put back, reopen."""
        if form.carry_out(take_step, self_check=self.self_check, by=self.request.user):
            done = {"self_check": self.self_check, "step": form.step.label}
            messages.success(self.request, _("%(self_check)s：已办理「%(step)s」。") % done)
            return redirect(self.address)
        return self.page(ReviewForm({}), form.refusal, form)

    def settle(self, key: str, form: ReviewForm) -> HttpResponse:
        rows = ReviewComment.objects.filter(self_check=self.self_check)
        found = rows.get_visible(self.request.user, pk=int(key) if _KEY.fullmatch(key) else 0)
        decisions.settle(comment=found, by=self.request.user, seen=form.data.get("seen"))
        messages.success(self.request, _("这条意见已办结。"))
        return redirect(f"{self.address}#threads")

    @property
    def address(self) -> str:
        return reverse("admin:selfchecks_selfcheck_review", args=[self.self_check.pk])

    def refused(self, form: ReviewForm, refusal: Refused) -> HttpResponse:
        """Newer figures get a page of their own with the differences; all else the form again."""
        self.self_check.refresh_from_db()
        newest = evaluations.latest(self.self_check)
        if not (form.digest and newest and newest.digest != form.digest):
            return self.page(form, refusal)
        seen = self.self_check.evaluations.filter(digest=form.digest).first()
        changes = changes_in(self.self_check, Changes(seen, newest) if seen else None)
        context = {"newest": newest, "latest": newest, "typed": form, **changes}
        return self.render(context, 412, "admin/selfchecks/review_stale.html")

    def overtaken(self, do: str, form: ReviewForm, refusal: Refused) -> HttpResponse:
        """What was typed beside what is there by now; having seen both, the person may go on."""
        context = {
            "refusal": refusal,
            "typed": form,
            "on": self.on(form),
            "differing": list(self.differing(form)),
            "threads": threads(self.self_check, lambda row: row.settled_at is None),
            "sent": [(name, text) for name, text in form.data.items() if name not in NOT_AGAIN],
            "seen": decisions.token_of(self.self_check),
            "do": self.request.POST.get("do", ""),
            "title": _("没有保存：%s") % self.self_check,
        }
        return self.render(context, refusal.status, "admin/selfchecks/decide_overtaken.html")

    def differing(self, form: ReviewForm) -> Iterator[tuple[str, ...]]:
        """Indicator, word and note as typed, and as they are stored, where both differ."""
        names, labels = names_of(self.self_check), dict(Word.choices)
        rows = IndicatorReview.objects.filter(evaluation=evaluations.latest(self.self_check))
        stored = {row.indicator: (row.word, row.note) for row in rows}
        for code, typed in form.words.items():
            now = stored.get(code, ("", ""))
            if any(typed) and typed != now:
                words = [(str(labels.get(word, "")), note) for word, note in (typed, now)]
                yield (f"{code} {names.get(code, '')}", *words[0], *words[1])

    def page(
        self, form: ReviewForm, refusal: Refused | None = None, tried: StepForm | None = None
    ) -> HttpResponse:
        self_check, viewer = self.self_check, self.request.user
        review = self.review(form)
        page = review.build()
        offers = {offer.step.name: offer for offer in open_steps(self_check, viewer)}
        deciding = [offers[name] for name in DECIDING if name in offers]
        others = [offer for name, offer in offers.items() if name not in SHEETS]
        context = {
            "page": page,
            "threads": review.threads() if not page or page["part"] == "threads" else (),
            "deciding": deciding,
            "can_decide": any(offer.is_open for offer in deciding),
            "steps": step_forms(others, viewer, tried),
            "words": Word.choices,
            "decided": () if page else decided_words(self_check, viewer),
            "decisions": [
                (offer.step.name, offer.step.names(self_check.district.display_name))
                for offer in reversed(deciding)
            ],
            "undoing": [each for each in offers.values() if each.step.undoes and each.is_open],
            "seen": decisions.token_of(self_check, review.remarks),
            "latest": review.newest,
            "on": self.on(form),
            "typed": form,
            "refusal": refusal,
            "tried": tried,
            "may_settle": viewer.role in (Role.INSPECTOR, Role.MANAGER),
            "trail": [(entry, STEP[entry.step].label) for entry in self_check.trail.all()]
            if not page or page["part"] == "trail"
            else (),
            "following": next_for(viewer, after=self_check),
        }
        return self.render(context, refusal.status if refusal else 200)

    def on(self, form: ReviewForm) -> str:
        """What the remark being written speaks of, in words."""
        try:
            return target_of(self.self_check, form.data.get("target", ""))[1]
        except Unusable:
            return ""

    def render(self, context: Any, status: int = 200, template: str = "") -> HttpResponse:
        name = f"{self.self_check.district.display_name} {self.self_check.year}"
        about = {"self_check": self.self_check, "title": _("复核：%s") % name}
        return super().render({**about, **context}, status, template)


class EvidenceView(DeskView):
    """Hands a document to whoever reviews: a download, never shown inside the portal."""

    def get(self, request: SignedInRequest, object_id: int, item: int) -> HttpResponse:
        if not request.user.has_perm("selfchecks.view_evidenceitem"):
            raise PermissionDenied
        found = EvidenceItem.objects.get_visible(request.user, pk=item, self_check_id=object_id)
        return files.offered(files.content_of(found), found.display_name)
