"""What stands at an address, as its reader knows it: entries may say only where somebody was."""

from collections.abc import Mapping

from django.apps import apps
from django.conf import settings
from django.urls import Resolver404, ResolverMatch, resolve
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import override

from districts.services.saved import PAGES

from .admin_site import WAYS


def told(path: str, names: Mapping[str, str]) -> str:
    """A page by its name, a self-check by unit and year, a row by kind and number, else the
    address; ``names`` are those of units on that day."""
    match = _match(path)
    if match is None:
        return path
    code, _dash, year = match.kwargs.get("reference", "").partition("-")
    if year:
        return _("%(unit)s %(year)s 年度自查") % {"unit": names.get(code, code), "year": year}
    return _named(match) or _of_model(match) or path


def _match(path: str) -> ResolverMatch | None:
    """Every language has the same pages."""
    language, _slash, rest = path.removeprefix("/").partition("/")
    with override(settings.LANGUAGE_CODE):
        try:
            return resolve(f"/{rest}" if language in dict(settings.LANGUAGES) else path)
        except Resolver404:
            return None


def _named(match: ResolverMatch) -> str:
    pages: dict[str, str | Promise] = {f"admin:{way[2]}": way[1] for way in WAYS} | PAGES
    return str(pages.get(match.view_name, ""))


def _of_model(match: ResolverMatch) -> str:
    """``admin:districts_user_change``: the kind, and which of it."""
    room, _line, rest = (match.url_name or "").partition("_")
    model = apps.all_models.get(room, {}).get(rest.partition("_")[0])
    if match.namespace != "admin" or model is None:
        return ""
    return f"{model._meta.verbose_name} {match.kwargs.get('object_id', '')}".strip()
