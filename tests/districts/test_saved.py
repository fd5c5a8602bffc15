"""Views a person keeps: named, one's own, and never a way to somewhere else."""

import re
from datetime import date
from html import unescape
from urllib.parse import unquote

import pytest
from django.test import Client

from audit.models import Entry
from audit.refusals import Conflict, Unusable
from districts.models import District, SavedView, User
from districts.services import saved
from selfchecks.models import SelfCheck
from selfchecks.services import opening
from tests.reader import links, words

PAGE, VIEWS = "own-table", "/accounts/views/"
SHORTFALLS = "/self-checks/500106-2026/shortfalls/?"


@pytest.fixture
def opened(wu_manager: User, shapingba: District) -> SelfCheck:
    """沙坪坝区 2026, whose pages those of 500106 can open."""
    asked = {"year": 2026, "due_on": date(2026, 12, 15), "fill_from": date(2026, 9, 1)}
    return opening.open_year(**asked, by=wu_manager, districts=[shapingba]).new[0]


def keep(by: User, name: str = "渝东北", query: str = "unit=500106", **more: object) -> SavedView:
    return saved.save_view(page=PAGE, name=name, query=query, by=by, **more)  # type: ignore[arg-type]


def test_a_name_stands_for_one_question(chen_officer: User) -> None:
    keep(chen_officer)
    keep(chen_officer, query="?unit=500151&format=csv&rows=&year=2026")
    [view] = saved.views_of(chen_officer, PAGE)
    assert view.address == "/atlas/table/?unit=500151&year=2026"
    entries = Entry.objects.filter(action="view.save").order_by("number")
    assert [entry.changes["query"] for entry in entries] == [
        "unit=500106",
        "unit=500151&year=2026",
    ]


def test_what_nobody_sees_is_no_part_of_a_name(chen_officer: User) -> None:
    assert keep(chen_officer, "渝\0东\u202e北").name == "渝 东 北"


def test_one_view_opens_the_page(
    chen_officer: User, liu_officer: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    keep(chen_officer, "不打开", opens=True)
    assert not saved.opening(chen_officer, PAGE)  # this page begins with none
    monkeypatch.setattr(saved, "BEGINNING", {PAGE})
    keep(chen_officer, opens=True)
    keep(chen_officer, "另一个", "unit=500151", opens=True)
    assert saved.opening(chen_officer, PAGE).urlencode() == "unit=500151"
    assert not saved.opening(liu_officer, PAGE)


@pytest.mark.parametrize("name", ["", "  ", "长" * 41])
def test_a_view_needs_a_name(chen_officer: User, name: str) -> None:
    with pytest.raises(Unusable):
        keep(chen_officer, name)


def test_only_known_pages_and_so_many(chen_officer: User) -> None:
    with pytest.raises(Unusable):
        saved.save_view(page="https://example.com/", name="a", query="", by=chen_officer)
    with pytest.raises(Unusable):
        keep(chen_officer, query=f"unit={'5' * 8000}")
    for number in range(saved.MOST):
        keep(chen_officer, str(number))
    with pytest.raises(Conflict):
        keep(chen_officer, "一个太多")
    keep(chen_officer, "0", "unit=500151")  # one that is there may change


def test_it_is_kept_from_its_page_and_let_go_on_its_own(
    chen_officer: User, liu_officer: User, signed_in
) -> None:
    client: Client = signed_in(chen_officer)
    sent = {"page": PAGE, "name": "<b>本区", "query": "unit=500106&indicator=B"}
    page = client.post(VIEWS, sent, follow=True)
    assert "已存为「<b>本区」" in words(page)
    assert "&lt;b&gt;本区" in page.content.decode()
    assert "/atlas/table/?unit=500106&indicator=B" in links(page)
    assert "存下这个视图" not in words(page)  # it is there already
    [view] = SavedView.objects.all()
    other: Client = signed_in(liu_officer)
    assert "本区" not in words(other.get(VIEWS))
    assert other.post(VIEWS, {"remove": view.pk}).status_code == 404
    assert "已删除" in words(client.post(VIEWS, {"remove": view.pk}, follow=True))
    assert not SavedView.objects.exists()
    assert Entry.objects.filter(action="view.remove").exists()


@pytest.mark.parametrize(
    ("page", "query"), [("shortfalls", "aim=floor"), ("school-plans", "state=approved")]
)
def test_a_view_of_one_years_page_is_that_of_the_next(
    chen_officer: User, opened: SelfCheck, signed_in, page: str, query: str
) -> None:
    client: Client = signed_in(chen_officer)
    sent = {"page": page, "argument": "500106-2026", "name": "常看", "query": query}
    kept = client.post(VIEWS, sent)
    assert kept.url == f"/self-checks/500106-2026/{page}/?{query}"
    assert kept.url in links(client.get(VIEWS))
    assert "常看 500106-2026" in words(client.get(VIEWS))
    [view] = saved.views_of(chen_officer, page)
    assert view.at("500106-2027") == f"/self-checks/500106-2027/{page}/?{query}"


@pytest.mark.parametrize("argument", ["", "500106/2026", "5" * 41])
def test_a_page_that_is_not_there_has_no_views(chen_officer: User, argument: str) -> None:
    with pytest.raises(Unusable):
        saved.save_view(
            page="shortfalls", argument=argument, name="a", query="aim=floor", by=chen_officer
        )
    with pytest.raises(Unusable):
        keep(chen_officer, argument="500106-2026")  # of this page there is one for all


@pytest.mark.parametrize(
    ("sent", "to"),
    [
        ({"page": "shortfalls", "argument": "500106-2026", "name": ""}, SHORTFALLS),
        ({"page": "shortfalls", "argument": "", "name": "a"}, VIEWS),
        ({"page": PAGE, "name": "", "query": "unit=500106"}, "/atlas/table/?unit=500106"),
        ({"page": "//example.com", "name": "a", "query": ""}, VIEWS),
        ({}, VIEWS),
    ],
)
def test_what_cannot_be_kept_is_said_where_it_was_asked(
    chen_officer: User, opened: SelfCheck, signed_in, sent: dict[str, str], to: str
) -> None:
    answer = signed_in(chen_officer).post(VIEWS, sent)
    assert (answer.status_code, answer.url) == (302, to)
    assert not SavedView.objects.exists()


@pytest.mark.parametrize(
    ("page", "argument"),
    [
        ("shortfalls", "500106-2026"),  # another unit's
        ("shortfalls", "500151-2031"),  # of a year that was not opened
        ("admin:selfchecks_selfcheck_board", ""),  # of other roles
    ],
)
def test_a_page_one_cannot_open_has_no_views_of_ones_own(
    liu_officer: User, opened: SelfCheck, signed_in, page: str, argument: str
) -> None:
    sent = {"page": page, "argument": argument, "name": "别处", "query": "aim=floor"}
    said = signed_in(liu_officer).post(VIEWS, sent, follow=True)
    assert said.redirect_chain == [(VIEWS, 302)]
    assert "这个页面您打不开，视图没有存下" in words(said)
    assert not SavedView.objects.exists()


def test_who_is_not_signed_in_keeps_nothing(reference: None, client: Client) -> None:
    assert client.post(VIEWS, {"page": PAGE, "name": "a"}).status_code == 302
    assert not SavedView.objects.exists()
    assert "存下" not in words(client.get("/atlas/table/?unit=500106"))


LISTS = {
    "/admin/schedule/grant/": "district__region=主城都市区",
    "/admin/improvement/schoolplan/": "state__exact=approved",
    "/admin/selfchecks/notice/": "kind=reminder",
    "/admin/improvement/unitprice/shortfalls/": "sort=cost",
    "/admin/schedule/planversion/outlook/": "days=90",
    "/districts/": "sort=-year",
}


@pytest.mark.parametrize("path", LISTS)
def test_what_is_shown_of_any_long_list_can_be_kept(wu_manager: User, signed_in, path: str) -> None:
    client: Client = signed_in(wu_manager)
    assert "存下这个视图" not in words(client.get(path))  # nothing was chosen yet
    asked = f"{path}?{LISTS[path]}"
    shown = client.get(f"{asked}&p=1" if "admin" in path else asked)
    assert "存下这个视图" in words(shown)
    [page] = re.findall('name="page" value="([^"]+)"', shown.content.decode())
    [query] = re.findall('name="query" value="([^"]+)"', shown.content.decode())
    kept = client.post(VIEWS, {"page": page, "name": "常看", "query": unescape(query)})
    assert unquote(kept.url) == asked
    assert asked in {unquote(link) for link in links(client.get(VIEWS))}
    assert "存下这个视图" not in words(client.get(asked))


@pytest.mark.parametrize(
    "asked", ["/districts/?sort=no", "/admin/schedule/planversion/outlook/?days=-1"]
)
def test_a_question_that_cannot_be_answered_is_not_kept(
    wu_manager: User, signed_in, asked: str
) -> None:
    page = signed_in(wu_manager).get(asked)
    assert page.status_code in (400, 422)
    assert "存下这个视图" not in words(page)


def test_a_keeper_keeps_views_of_accounts_and_of_nothing_else(yang_keeper: User, signed_in) -> None:
    client: Client = signed_in(yang_keeper)
    assert "存下这个视图" in words(client.get("/admin/districts/user/?role__exact=officer"))
    assert "存下这个视图" not in words(
        client.get("/admin/districts/user/?_popup=1&role__exact=officer")
    )
