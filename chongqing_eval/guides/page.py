"""The guides for everybody to read; their links are for whoever has the role."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from districts.access import for_everybody

from . import GUIDES
from .guide import Step, parts

PICTURE = "img/guides/{picture}.{language}.webp"
WIDTH, HEIGHT = 1000, 560  # of every picture, in pixels


@for_everybody
def guides(request: HttpRequest) -> HttpResponse:
    return render(request, "guides/list.html", {"guides": _titles()})


@for_everybody
def guide(request: HttpRequest, code: str) -> HttpResponse:
    found = GUIDES.get(code)
    if found is None:
        raise Http404
    return render(
        request,
        "guides/guide.html",
        {
            "guide": found,
            "title": _(found.title),
            "lead": _shown(found.lead),
            "steps": [_step(step) for step in found.steps],
            "guides": _titles(),
            "may_open": code in (getattr(request.user, "role", ""), "client"),
            "width": WIDTH,
            "height": HEIGHT,
        },
    )


def _titles() -> list[tuple[str, str]]:
    return [(each.code, _(each.title)) for each in GUIDES.values()]


def _step(step: Step) -> dict[str, Any]:
    return {
        "when": _(step.when),
        "title": _(step.title),
        "text": _shown(step.text),
        "page": step.page,
        "picture": picture_of(step) if step.picture else "",
    }


def _shown(text: str) -> list[tuple[str, str]]:
    return list(parts(_(text)))


def picture_of(step: Step) -> str:
    """The static file of the reader's language."""
    language = "en" if get_language() == "en" else "zh"
    return PICTURE.format(picture=step.picture, language=language)
