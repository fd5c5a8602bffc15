"""A page of improvement on one self-check."""

from typing import Any

from django.http import HttpRequest, HttpResponse

from selfchecks.bureau.access import shown
from selfchecks.models import SelfCheck


def page_of(
    request: HttpRequest, template: str, self_check: SelfCheck, **context: Any
) -> HttpResponse:
    return shown(request, template, self_check, room="improvement", **context)
