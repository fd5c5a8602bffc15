"""Keeps and lets go of a person's own views of lists."""

from django.db import transaction
from django.http import QueryDict
from django.urls import NoReverseMatch
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from audit.refusals import Conflict, Unusable
from audit.services import record
from districts.models import SavedView, User
from districts.models.saved import LONGEST_ARGUMENT, LONGEST_NAME, LONGEST_QUERY, address_of

# Route of a page → what it is called; the rooms that have such pages lend them. Some of them
# begin with a view that was chosen for that.
PAGES: dict[str, str | Promise] = {}
BEGINNING: set[str] = set()
MOST = 30  # of one page
NOT_KEPT = ("format", "csrfmiddlewaretoken", "page", "p", "e")  # nor where in it


def views_of(user: User, page: str) -> list[SavedView]:
    return list(SavedView.objects.visible_to(user).filter(page=page))


def opening(user: User, page: str) -> QueryDict:
    """What this person wants to see first on a page; empty for the page as it is."""
    found = SavedView.objects.visible_to(user).filter(page=page, opens=True).first()
    return QueryDict(found.query if found else "")


@transaction.atomic
def save_view(
    *, page: str, name: str, query: str, by: User, opens: bool = False, argument: str = ""
) -> SavedView:
    """Keep a question under a name; the same name again replaces what it stood for.

    Raises Unusable for an unknown page, no name or too long a question; Conflict when there are
    too many.
    """
    seen = "".join(each if each.isprintable() else " " for each in name)
    name, kept = " ".join(seen.split()), question(query)
    _refuse_bad(page, argument, name, kept)
    User.objects.select_for_update().get(pk=by.pk)  # two requests cannot both be the last allowed
    own = SavedView.objects.filter(user=by, page=page)
    if own.exclude(name=name).count() >= MOST:
        raise Conflict(_("一个页面最多存 %s 个视图；请先删除不用的。") % MOST)
    opens = opens and page in BEGINNING
    if opens:
        own.exclude(name=name).filter(opens=True).update(opens=False)
    what = {"query": kept, "opens": opens, "argument": argument}
    view, _is_new = own.update_or_create(user=by, page=page, name=name, defaults=what)
    record(action="view.save", by=by, on=view, changes={"page": page, "name": name, **what})
    return view


def _refuse_bad(page: str, argument: str, name: str, kept: str) -> None:
    if not is_page(page, argument):
        raise Unusable.at("page", _("这个页面没有可以存的视图。"))
    if not 0 < len(name) <= LONGEST_NAME:
        raise Unusable.at("name", _("请写一个名称，最多 %s 个字，例如：渝东北。") % LONGEST_NAME)
    if len(kept) > LONGEST_QUERY:
        raise Unusable.at("query", _("选的内容太多，存不下；请少选一些。"))


def is_page(page: str, argument: str) -> bool:
    """Whether it is one of the pages with views, and of this unit and year."""
    try:
        known = page in PAGES and len(argument) <= LONGEST_ARGUMENT
        return known and bool(address_of(page, argument))
    except NoReverseMatch:
        return False


def question(query: str) -> str:
    """What follows ``?`` in an address, without what is empty or speaks of one download."""
    asked = QueryDict(query.lstrip("?")[: 2 * LONGEST_QUERY], mutable=True)
    for name in [*asked]:
        values = [value for value in asked.getlist(name) if value]
        asked.setlist(name, values if name not in NOT_KEPT else [])
    return asked.urlencode()


@transaction.atomic
def remove_view(*, view: SavedView, by: User) -> None:
    """Let go of one; what it showed is untouched."""
    SavedView.objects.filter(pk=view.pk, user=by).delete()
    record(action="view.remove", by=by, on=view, changes={"page": view.page, "name": view.name})
