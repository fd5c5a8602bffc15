"""What other programs take from the public pages: feed of changes, list of pages, pictures."""

import re
from collections.abc import Iterable, Iterator
from datetime import datetime, time
from hashlib import blake2b
from textwrap import wrap

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.feedgenerator import Atom1Feed
from django.utils.translation import get_language, gettext, override

from charts import card
from charts.plain import plain_style
from charts.svg import Markup, element
from districts.access import for_everybody
from districts.wording import day_text
from documents.drawing import picture
from documents.faults import FontsMissing
from indicators.models import Indicator, Standard
from schedule import totals, wording
from schedule.indicator_units import IndicatorUnits
from schedule.models import Subject
from schedule.pages.changes import lately
from schedule.pages.question import Question, ask

TOLD = 50  # changes of the feed
LANGUAGES = ("zh-hans", "en")
PAGES: tuple[str, ...] = (
    "home",
    "units",
    "roadmap",
    "revisions",
    "indicators",
    "atlas",
    "practices",
    "feedback",
)
PAGES += ("api-docs",)


@for_everybody
def feed(request: HttpRequest) -> HttpResponse:
    """The newest changes as Atom: facts, editions of the plan, reorganisations, corrections."""
    origin, host = _origin(request), request.get_host()
    made = Atom1Feed(
        title=gettext("重庆义务教育优质均衡进展"),
        link=origin + reverse("home"),
        description=gettext("最近的变化"),
        language=get_language(),
        feed_url=origin + request.path,
        feed_guid=f"{origin}{request.path}",
    )
    for change in lately(ask({}), TOLD):
        told = [*change.get("units", ()), *change.get("details", ()), change.get("source")]
        summary = "\n".join(
            " · ".join(filter(None, (each.text, each.notes))) for each in told if each
        )
        key = blake2b(f"{change['title']}{summary}".encode(), digest_size=8).hexdigest()
        moment = timezone.make_aware(datetime.combine(change["day"], time()))
        made.add_item(
            title=f"{day_text(change['day'])} {change['title']}",
            link=f"{origin}{reverse('home')}?as_of={change['day'].isoformat()}",
            description=summary,
            unique_id=f"tag:{host},{change['day'].isoformat()}:{key}",
            pubdate=moment,
            updateddate=moment,
        )
    return HttpResponse(made.writeString("utf-8"), "application/atom+xml; charset=utf-8")


@for_everybody
def sitemap(request: HttpRequest) -> HttpResponse:
    """Every page for everybody, in both languages, with the day of the newest fact."""
    question = ask({})
    updated = question.position.updated_at
    day = timezone.localdate(updated).isoformat() if updated else None
    entries = (
        element(
            "url",
            element("loc", _origin(request) + address[language]),
            element("lastmod", day) if day else None,
            *(
                element(
                    "xhtml:link",
                    rel="alternate",
                    hreflang=each,
                    href=_origin(request) + address[each],
                )
                for each in LANGUAGES
            ),
        )
        for address in _addresses(question)
        for language in LANGUAGES
    )
    whole = element(
        "urlset",
        *entries,
        xmlns="http://www.sitemaps.org/schemas/sitemap/0.9",
        **{"xmlns:xhtml": "http://www.w3.org/1999/xhtml"},
    )
    return HttpResponse(f'<?xml version="1.0" encoding="UTF-8"?>\n{whole}', "application/xml")


def _addresses(question: Question) -> Iterator[dict[str, str]]:
    """Address by language, of each page."""
    standard = Standard.objects.in_force_on(question.as_of)
    codes = (
        Indicator.objects.filter(standard=standard).order_by("order").values_list("code", flat=True)
    )
    named: list[tuple[str, list[str]]] = [
        *((name, []) for name in PAGES),
        *(("statement", [subject]) for subject in Subject.values),
        *(("unit", [code]) for code in question.lines),
        *(("indicator", [code]) for code in codes),
        *(("indicator-units", [code]) for code in codes),
    ]
    for name, parts in named:
        yield {language: _in(language, name, parts) for language in LANGUAGES}


def _in(language: str, name: str, parts: Iterable[str]) -> str:
    with override(language):
        return reverse(name, args=list(parts))


@for_everybody
def robots(request: HttpRequest) -> HttpResponse:
    """Everything public may be read; the way to the list of pages."""
    return HttpResponse(
        f"User-agent: *\nSitemap: {_origin(request)}{reverse('sitemap')}\n", "text/plain"
    )


@for_everybody
def home_picture(request: HttpRequest) -> HttpResponse:
    if request.GET:
        return redirect(request.path)  # drawing takes long: once for everybody
    question = ask({})
    counted = question.position.progress
    said = re.sub("<[^>]+>", "", totals.headline(counted))
    parts = re.split("(?<=[，,]) ?", said)
    return _picture(question, f"{counted.certified} / {counted.units}", parts)


@for_everybody
def unit_picture(request: HttpRequest, code: str) -> HttpResponse:
    if request.GET:
        return redirect(request.path)
    question = ask({})
    district = question.position.districts.get(code)
    if district is None:
        raise Http404
    line = question.line(question.position.standing_of(code))
    day = gettext("截至%(day)s") % {"day": day_text(question.as_of)}
    return _picture(question, wording.tile_name(district), [line.words, *line.notes, day])


@for_everybody
def indicator_picture(request: HttpRequest, code: str) -> HttpResponse:
    if request.GET:
        return redirect(request.path)
    question = ask({})
    standard = Standard.objects.in_force_on(question.as_of)
    indicator = get_object_or_404(Indicator, standard=standard, code=code)
    finding = IndicatorUnits(indicator, {}).finding
    day = gettext("截至%(day)s") % {"day": day_text(question.as_of)}
    return _picture(question, code, [indicator.display_name, str(finding), day])


def _picture(question: Question, large: str, parts: list[str]) -> HttpResponse:
    """The drawing as PNG; not found on a machine without Chinese fonts."""
    lines = [line for part in parts for line in wrap(part, 56 if part.isascii() else 27)]
    drawn: Markup = card.card(
        head=gettext("重庆义务教育优质均衡进展"),
        large=large,
        lines=lines[:4],
        squares=[line.kind for line in question.lines.values()],
        style=plain_style(),
        name="share",
        title=large,
        description=" ".join(parts),
    )
    try:
        return HttpResponse(picture(drawn, card.SHARP), "image/png")
    except FontsMissing as fault:
        raise Http404 from fault


def _origin(request: HttpRequest) -> str:
    return request.build_absolute_uri("/").removesuffix("/")
