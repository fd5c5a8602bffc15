"""The views a person keeps of the page they are on."""

from typing import Any

from django import template

from districts.services.saved import BEGINNING, PAGES, question, views_of

register = template.Library()


@register.inclusion_tag("components/saved_views.html", takes_context=True)
def saved_views(context: Any, query: str | None = None) -> dict[str, Any]:
    """``query``: what is shown now, where that is not what stands in the address."""
    request = context["request"]
    page = request.resolver_match.view_name
    if not request.user.is_authenticated or page not in PAGES or "_popup" in request.GET:
        return {}
    now = question(request.GET.urlencode() if query is None else query)
    argument = next(iter(request.resolver_match.kwargs.values()), "")
    views = [(view, view.at(argument), view.query == now) for view in views_of(request.user, page)]
    is_new = bool(now) and not any(is_here for *_view, is_here in views)
    found = {"page": page, "argument": argument, "query": now, "views": views, "is_new": is_new}
    return {**found, "may_open": page in BEGINNING, "request": request}
