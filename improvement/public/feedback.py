"""公众反映: anybody tells the portal something, and looks up what came of it."""

from functools import partial
from typing import Any

from django import forms
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Page, Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from districts.models import District
from districts.throttle import AddressThrottle
from improvement.models import Feedback, FeedbackState
from improvement.models.feedback import MOST
from improvement.models.texts import NOTHING_UNSEEN
from improvement.services import feedback
from improvement.voices import gate
from improvement.voices.feedback_words import LOOKS
from selfchecks import clock
from selfchecks.forms import Answering

ON_A_PAGE = 10
SENDING, ASKING = ("feedback", "6/hour"), ("feedback-codes", "30/min")


class MessageForm(Answering):
    text = forms.CharField(
        label=_("您要反映什么"),
        max_length=MOST,
        widget=forms.Textarea(attrs={"rows": 7}),
        validators=[NOTHING_UNSEEN],
        help_text=_("最多 2000 字。请不要写学生、教师的姓名和证件号。"),
        error_messages={"required": _("请写明要反映的内容。")},
    )
    unit = forms.ChoiceField(label=_("说的是哪个区县"), required=False)
    page = forms.CharField(
        label=_("说的是哪个页面（可不填）"),
        max_length=200,
        required=False,
        validators=[NOTHING_UNSEEN],
    )
    name = forms.CharField(
        label=_("怎么称呼您（可不填）"),
        max_length=40,
        required=False,
        validators=[NOTHING_UNSEEN],
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    contact = forms.CharField(
        label=_("电话或邮箱（可不填）"),
        max_length=100,
        required=False,
        validators=[NOTHING_UNSEEN],
    )
    ticket = forms.CharField(widget=forms.HiddenInput, max_length=200, required=False)
    website = forms.CharField(label=_("请把这一栏留空"), max_length=200, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        units = [(unit.code, unit.display_name) for unit in District.objects.order_by("order")]
        self.fields["unit"].choices = [("", _("不针对某个区县")), *units]  # type: ignore[attr-defined]
        self.fields["website"].widget.attrs.update(autocomplete="off", tabindex="-1")

    @property
    def asked(self) -> list[forms.BoundField]:
        """What people see and fill in."""
        return [self[name] for name in ("text", "unit", "page", "name", "contact")]

    def clean_website(self) -> str:
        if self.cleaned_data["website"]:
            raise forms.ValidationError(_("有一栏应当留空，用来挡住自动填写；请清空它再提交。"))
        return ""

    def clean_ticket(self) -> str:
        """Its age says whether somebody has read the page."""
        ticket = gate.read_ticket(self.cleaned_data["ticket"], clock.now().timestamp())
        if ticket is None:
            raise forms.ValidationError(_("这张表单打开太久了；内容还在，请再按一次「提交」。"))
        if ticket.age < gate.LEAST_SECONDS:
            sentence = _("提交得太快，像是自动填写；内容还在，请看一遍，过 5 秒再按「提交」。")
            raise forms.ValidationError(sentence)
        return ticket.text

    @property
    def arguments(self) -> dict[str, Any]:
        said = self.cleaned_data
        return {
            "code": gate.code_of(said["ticket"]),
            "district": District.objects.filter(code=said["unit"]).first(),
            **{name: said[name] for name in ("text", "page", "name", "contact")},
        }


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def message(request: HttpRequest) -> HttpResponse:
    """The form, and what of earlier messages the city made public."""
    about = {"unit": request.GET.get("unit", ""), "page": request.GET.get("about", "")[:200]}
    form = MessageForm.sent(request, about)
    if request.method == "POST" and form.carry_out(partial(_received, request)) is not None:
        return _shown(request, "received", code=gate.in_groups(form.arguments["code"]))
    context = {
        "form": form,
        "ticket": _ticket(form),
        "rows": _public(request),
        "erase_days": settings.FEEDBACK_ERASE_DAYS,
    }
    return _shown(request, "form", status=form.status, **context)


def _received(request: HttpRequest, **said: Any) -> Feedback:
    """Counted before it is kept."""
    sentence = _("这个地址一小时内反映得太多了；内容还在，请过一小时再提交。")
    AddressThrottle(*SENDING).refuse_beyond(request, sentence)
    return feedback.receive(by=None, **said)


def _ticket(form: MessageForm) -> str:
    """The one that came, so that pressing again is the same message; a new one where it ended."""
    now, sent = clock.now().timestamp(), str(form.data.get("ticket", ""))
    return sent if gate.read_ticket(sent, now) else gate.new_ticket(now)


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def looked_up(request: HttpRequest) -> HttpResponse:
    """What became of a message; the code comes by POST, so that no address has it."""
    typed, found = "", None
    if request.method == "POST":
        asking = AddressThrottle(*ASKING)
        asking.refuse_beyond(request, _("查得太频繁了，请过一分钟再查。"))
        typed = request.POST.get("code", "")[:100]
        found = feedback.found_by(gate.as_kept(typed))
    look = LOOKS[FeedbackState(found.state)] if found else ""
    is_asked = request.method == "POST"
    return _shown(request, "looked_up", found=found, look=look, is_asked=is_asked, typed=typed)


def _public(request: HttpRequest) -> Page[Feedback]:
    rows = Feedback.objects.exclude(published_text="").select_related("district")
    pages = Paginator(rows.order_by("-answered_at", "-pk"), ON_A_PAGE)
    return pages.get_page(request.GET.get("page"))


def _shown(request: HttpRequest, name: str, status: int = 200, **context: Any) -> HttpResponse:
    answer = render(request, f"improvement/feedback/{name}.html", context, status=status)
    answer["Cache-Control"] = "no-store"
    return answer
