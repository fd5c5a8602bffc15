"""What stands at an address, as its reader knows it: entries may say only where somebody was."""

from collections.abc import Mapping

from django.apps import apps
from django.conf import settings
from django.urls import Resolver404, ResolverMatch, resolve
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override, pgettext_lazy

from audit import words
from audit.shown import kept, last_act
from districts.services.saved import PAGES
from selfchecks.models import SelfCheck

from .admin_site import WAYS

# The first word of an address, where no list of its own names the page.
SECTIONS: dict[str, str | Promise] = {
    "feedback": gettext_lazy("公众反映"),
    "ledger": gettext_lazy("问题台账"),
    "look-backs": pgettext_lazy("plural", "回头看"),
    "measures": pgettext_lazy("plural", "措施"),
    "monitoring": gettext_lazy("指标监测"),
    "papers": gettext_lazy("公文"),
    "practices": gettext_lazy("典型经验"),
    "self-checks": gettext_lazy("自查"),
    "visits": gettext_lazy("实地查看"),
}


def told(path: str, names: Mapping[str, str]) -> str:
    """A page by its name, a self-check by unit and year, a row by kind and number, else the
    address; ``names`` are those of units on that day."""
    match = _match(path)
    if match is None:
        return path
    code, _dash, year = match.kwargs.get("reference", "").partition("-")
    if year:
        return _self_check(code, names.get(code, code), year)
    if found := _numbered(match):
        return _self_check(*found)
    return _named(match) or _of_model(match) or _within(match) or path


def _self_check(code: str, name: str, year: str) -> str:
    return _("%(unit)s %(year)s 年度自查") % {"unit": words.told(name, code), "year": year}


def _numbered(match: ResolverMatch) -> tuple[str, str, str] | None:
    """Code, name and year of the self-check that the admin's address tells by its number: all are
    read at once, and kept until something is done."""
    if not (match.url_name or "").startswith("selfchecks_selfcheck_"):
        return None
    found = kept(f"self-checks-by-number-{last_act()}", _self_checks)
    return found.get(match.kwargs.get("object_id", ""))


def _self_checks() -> dict[str, tuple[str, str, str]]:
    rows = SelfCheck.objects.values_list("pk", "district__code", "district__name", "year")
    return {str(key): (code, name, str(year)) for key, code, name, year in rows}


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


def _within(match: ResolverMatch) -> str:
    """What a page belongs to, and its number there."""
    if label := match.kwargs.get("app_label"):
        return str(apps.get_app_config(label).verbose_name)
    head, numbers = match.route.partition("/")[0], map(str, match.kwargs.values())
    known = str(SECTIONS.get(head, ""))
    return " ".join([known, *numbers]) if known else ""


def _of_model(match: ResolverMatch) -> str:
    """``admin:districts_user_change``: the kind, and which of it."""
    room, _line, rest = (match.url_name or "").partition("_")
    model = apps.all_models.get(room, {}).get(rest.partition("_")[0])
    if match.namespace != "admin" or model is None:
        return ""
    return f"{model._meta.verbose_name} {match.kwargs.get('object_id', '')}".strip()
