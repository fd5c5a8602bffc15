"""The public page that compares a receipt, or a file, with the record.

Whoever asks learns no more than the paper in her hand says, and less: neither people nor verdicts,
for numbers of receipts can be counted through.
"""

import hashlib
from collections.abc import Iterable
from typing import Any

from django import forms
from django.contrib.auth.decorators import login_not_required
from django.core.files.uploadedfile import UploadedFile
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from districts.throttle import AddressThrottle
from selfchecks.models import ReviewEntry
from selfchecks.workflow import SUBMITTING
from workbooks.guard import MAX_FILE_BYTES, MB

MOST_SHOWN = 10
LONGEST = 40


class ReceiptForm(forms.Form):
    number = forms.CharField(label=_("回执编号"), max_length=LONGEST, required=False, strip=True)
    file = forms.FileField(label=_("报送的工作簿"), required=False, allow_empty_file=True)

    def clean_file(self) -> "UploadedFile[Any] | None":
        file: UploadedFile[Any] | None = self.cleaned_data["file"]
        if file and (file.size or 0) > MAX_FILE_BYTES:
            megabytes = MAX_FILE_BYTES // MB
            raise forms.ValidationError(_("文件超过 %s MB，不会是报送的工作簿。") % megabytes)
        return file

    def found(self) -> Iterable[ReviewEntry] | None:
        """What was handed in under the number, or with the file; None when nothing was asked."""
        if not self.is_valid():
            return None
        number, file = self.cleaned_data["number"], self.cleaned_data["file"]
        if file:
            sha256 = hashlib.sha256()
            for chunk in file.chunks():
                sha256.update(chunk)
            return handed_in().filter(upload__sha256=sha256.hexdigest())[:MOST_SHOWN]
        if number:
            wanted = ReviewEntry.of_receipt(number)
            return handed_in().filter(**wanted) if wanted else []
        return None


def handed_in() -> QuerySet[ReviewEntry]:
    """Every submission: of all units, for a receipt is shown to whoever holds it."""
    rows = ReviewEntry.objects.filter(step__in=SUBMITTING, evaluation__isnull=False)
    related = rows.select_related("self_check__district", "upload", "evaluation")
    return related.order_by("self_check", "number")


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def receipts(request: HttpRequest) -> HttpResponse:
    """A number in the address, or a file by POST: nothing of it is kept."""
    is_asked = request.method == "POST" or "number" in request.GET
    if is_asked:
        asking = AddressThrottle("receipts", "30/min")
        asking.refuse_beyond(request, _("查得太频繁了，请过一分钟再查。"))
    sent = (request.POST, request.FILES) if request.method == "POST" else (request.GET,)
    form = ReceiptForm(*sent) if is_asked else ReceiptForm()
    found = form.found() if is_asked else None
    status = 200 if form.is_valid() or not is_asked else 400
    return render(
        request, "selfchecks/receipts.html", {"form": form, "found": found}, status=status
    )
