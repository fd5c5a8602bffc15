"""The ledger's workbook back in: looked at first, kept when confirmed, whole or not at all.

What the reader saw travels in the form, signed: nothing is held on the server in between.
"""

from datetime import date
from typing import Any

from django import forms
from django.contrib import messages
from django.core.signing import BadSignature
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from audit.refusals import Refused, Unusable
from crypto.signing import dumps, loads
from districts.access import SignedInRequest, open_to
from districts.tables import TableResult, refuse_too_big
from improvement.resources import ProblemTable
from improvement.services.ledger_acts import ARRANGED, MAY_ARRANGE
from improvement.services.ledger_bulk import arrange_each
from selfchecks.forms import Answering

SALT = "ledger"
MOST_SHOWN = 200
LIFETIME = 7200  # seconds between preview and confirmation


class BookForm(Answering):
    file = forms.FileField(
        label=gettext_lazy("填好整改安排的台账"),
        allow_empty_file=True,
        help_text=gettext_lazy(
            "从台账下载的 Excel，填「责任人」「整改期限」「整改措施」三列再传回来；别的列不用改。"
        ),
        widget=forms.FileInput(attrs={"accept": ".xlsx,.csv"}),
        error_messages={"required": gettext_lazy("请先选择一个 .xlsx 或 .csv 文件。")},
    )

    @property
    def arguments(self) -> dict[str, Any]:
        upload = self.cleaned_data["file"]
        refuse_too_big(upload.size)
        return {"content": upload.read(), "name": upload.name}


@open_to(*MAY_ARRANGE)
def upload(request: SignedInRequest) -> HttpResponse:
    if request.method == "POST" and "held" in request.POST:
        return _confirmed(request)
    form, result = BookForm.sent(request), None
    if request.method == "POST":
        result = form.carry_out(_look, viewer=request.user)
    context: dict[str, Any] = {"form": form, "result": result, "most": MOST_SHOWN}
    if result:
        context["changes"] = result.changes[:MOST_SHOWN]
        context["problems"] = result.problems[:MOST_SHOWN]
        context["held"] = _held(result, request) if not result.problems else ""
    status = 422 if result and result.problems else form.status
    return render(request, "improvement/ledger_upload.html", context, status=status)


def _look(*, viewer: Any, content: bytes, name: str) -> TableResult:
    table = ProblemTable(viewer=viewer)
    try:
        return table.look(table.read(content, name))
    except Refused as refusal:
        raise Unusable.at("file", str(refusal)) from refusal


def _held(result: TableResult, request: SignedInRequest) -> str:
    headers = {ProblemTable.fields[name].column_name: name for name in ARRANGED}
    given = {
        row.instance.pk: {headers[header]: [before, after] for header, before, after in row.values}
        for row in result.changes
    }
    return dumps([request.user.pk, given], salt=SALT)


def _confirmed(request: SignedInRequest) -> HttpResponse:
    try:
        person, given = loads(request.POST["held"], salt=SALT, max_age=LIFETIME)
        if person != request.user.pk:
            raise BadSignature
        comment = request.POST.get("comment", "")
        rows = {int(number): _read(pairs) for number, pairs in given.items()}
        done = arrange_each(given=rows, by=request.user, comment=comment)
    except BadSignature:
        messages.error(request, _("这次预览已过期；请重新选择文件。"))
        return redirect("ledger-upload")
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect("ledger-upload")
    messages.success(request, _("办理了 %s 个问题。") % done)
    return redirect("ledger")


def _read(pairs: dict[str, list[str]]) -> dict[str, list[Any]]:
    """Days as days again; a day that is taken out is no day."""
    return {
        name: [date.fromisoformat(text) if text else None for text in pair]
        if name == "due_on"
        else pair
        for name, pair in pairs.items()
    }
