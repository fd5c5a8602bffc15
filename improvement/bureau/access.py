"""A page of improvement on one self-check."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from selfchecks.models import SelfCheck


def page_of(
    request: HttpRequest, template: str, self_check: SelfCheck, **context: Any
) -> HttpResponse:
    """A refusal, or a form that was not taken, says the status."""
    spoke = context.get("refusal") or context.get("form")
    context["self_check"] = self_check
    status = getattr(spoke, "status", 200)
    return render(request, f"improvement/{template}.html", context, status=status)
