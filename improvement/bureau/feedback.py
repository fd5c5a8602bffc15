"""公众反映 the city passed on to a bureau: it reads what was said, never by whom, and replies."""

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from districts.access import SignedInRequest, open_to
from districts.roles import DISTRICT_ROLES
from improvement.models import Feedback, FeedbackState
from improvement.models.feedback import MOST, PERSONAL
from improvement.services import feedback
from improvement.voices.feedback_words import LOOKS
from selfchecks.forms import Answering


class ReplyForm(Answering):
    reply = forms.CharField(
        label=gettext_lazy("办理情况"),
        max_length=MOST,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=gettext_lazy("写给市级；市级据此答复反映人。"),
        error_messages={"required": gettext_lazy("请写明办理情况。")},
    )


@open_to(*DISTRICT_ROLES)
def listed(request: SignedInRequest) -> HttpResponse:
    rows = Feedback.objects.visible_to(request.user).defer(*PERSONAL)
    lines = [(row, LOOKS[FeedbackState(row.state)]) for row in rows.order_by("-changed_at")]
    return render(request, "improvement/feedback/own.html", {"lines": lines})


@open_to(*DISTRICT_ROLES, keeps=("reply",))
def one(request: SignedInRequest, number: int) -> HttpResponse:
    rows = Feedback.objects.visible_to(request.user).defer(*PERSONAL)
    found = rows.select_related("district").filter(pk=number).first()
    if found is None:
        raise Http404
    form = ReplyForm.sent(request, {"reply": found.reply})
    if request.method == "POST":
        seen = request.POST.get("seen") or None
        about = {"feedback": found, "step": "reply", "by": request.user, "expected": seen}
        if form.carry_out(feedback.take_step, **about) is not None:
            messages.success(request, _("已回复市级。"))
            return redirect(request.path)
    context = {
        "found": found,
        "look": LOOKS[FeedbackState(found.state)],
        "form": form if found.state == FeedbackState.PASSED_ON or form.errors else None,
        "tag": feedback.tag_of(found),
    }
    return render(request, "improvement/feedback/own_one.html", context, status=form.status)
