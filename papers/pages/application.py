"""What the application form still asks for."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy as _

from districts.access import SignedInRequest
from papers.models import FormAnswers
from papers.pages.forms import AnswersForm
from papers.services.answers import keep_answers
from selfchecks.bureau.access import of_self_check, shown
from selfchecks.models import SelfCheck
from selfchecks.results import build
from selfchecks.services.blockers import MAY_UPLOAD


@of_self_check("version")
def answers(request: SignedInRequest, self_check: SelfCheck) -> HttpResponse:
    """Asked for once; officers of the district answer, who may read sees."""
    row = FormAnswers.objects.visible_to(request.user).filter(self_check=self_check).first()
    initial: dict[str, Any] = {**row.answers, "version": row.version} if row else {"version": 0}
    form = AnswersForm.sent(request, initial, page=build(self_check))
    if request.method == "POST":
        done = form.carry_out(keep_answers, self_check=self_check, by=request.user)
        if done is not None:
            messages.success(request, _("已保存申报表补充数据。"))
            return redirect("form-answers", self_check.reference)
    may_write = request.user.role in MAY_UPLOAD and request.user.reach != "city"
    context = {"form": form, "row": row, "may_write": may_write}
    return shown(request, "answers", self_check, room="papers", **context)
