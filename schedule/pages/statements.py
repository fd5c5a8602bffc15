"""What the operator says, a page each; a page without a text says that it has none yet."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language

from districts.access import for_everybody
from schedule.models import Statement
from schedule.models.statement import Subject


@for_everybody
def statement(request: HttpRequest, subject: str) -> HttpResponse:
    if subject not in Subject.values:
        raise Http404
    row = Statement.objects.newest(subject)
    is_english = get_language() == "en" and bool(row and row.english)
    context = {
        "title": Subject(subject).label,
        "row": row,
        "text": row and (row.english if is_english else row.text),
        "spoken": "en" if is_english else "zh-Hans",
    }
    return render(request, "schedule/statement.html", context)
