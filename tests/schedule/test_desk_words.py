"""What lists of the desk say of one thing, of money, of days and of the way back."""

from datetime import date

import pytest
from django.test import Client
from django.utils.translation import override

from districts.models import District, User
from districts.wording import day_text
from selfchecks.models import SelfCheck
from tests.reader import links, tables, words
from tests.schedule.outcomes import issue
from tests.selfchecks.conftest import reach, schools, self_check

__all__ = ["reach", "schools", "self_check"]
pytestmark = pytest.mark.django_db
NAMES = ("running", "soon", "due", "done", "recovered", "void")
GRANTS = "/admin/schedule/grant/"
SHARED = ("/ledger/", "/look-backs/", "/monitoring/", "/visits/", "/self-checks/find/?q=铜梁")


def test_money_is_grouped_and_a_day_stays_whole(
    tongliang: District, wu_manager: User, signed_in
) -> None:
    """1,200,000 yuan issued on 29 February 2024, due three years later."""
    grant = issue(tongliang, wu_manager)
    client: Client = signed_in(wu_manager)
    for page in (client.get(GRANTS), client.get(f"{GRANTS}{grant.pk}/change/")):
        assert "1,200,000" in words(page)
    english = client.get(f"/en{GRANTS}{grant.pk}/change/")
    assert "28 February 2027" in words(english)
    assert "29\N{NO-BREAK SPACE}February\N{NO-BREAK SPACE}2024" in english.content.decode()
    with override("en"):
        assert day_text(date(2024, 2, 29)) == "29 February 2024"  # letters and files


def test_grants_are_chosen_by_how_they_stand(
    tongliang: District, wu_manager: User, signed_in, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Due on 28 February 2027, three months after this day, and not certified."""
    monkeypatch.setattr("schedule.services.grants.today", lambda: date(2026, 12, 1))
    issue(tongliang, wu_manager)
    client: Client = signed_in(wu_manager)
    assert "期限将到" in str(tables(client.get(GRANTS)))
    shown = {
        state: "铜梁区" in str(tables(client.get(f"{GRANTS}?standing={state}"))) for state in NAMES
    }
    assert shown == {**dict.fromkeys(NAMES, False), "soon": True}


def test_one_thing_is_named_as_one_in_english(wu_manager: User, signed_in) -> None:
    client: Client = signed_in(wu_manager)
    asked = words(client.get("/en/admin/schedule/consequence/add/"))
    assert "Municipal grant:" in asked
    assert "Municipal grants:" not in asked
    assert "Self-checks" in words(client.get("/en/admin/selfchecks/selfcheck/"))


def test_notices_are_chosen_by_what_they_say(
    reach, self_check: SelfCheck, zhou_inspector: User, signed_in
) -> None:
    reach("submitted")
    page = signed_in(zhou_inspector).get("/en/admin/selfchecks/notice/")
    assert "… signed and submitted the self-check of … for …." in words(page)
    assert "step.submit" not in words(page)
    assert "Unread Read" in words(page)
    assert tables(page)[0][0][-2] == "Self-check"


@pytest.mark.parametrize("path", SHARED)
def test_from_pages_shared_with_bureaus_the_city_goes_back_to_today(
    zhou_inspector: User, chen_officer: User, signed_in, path: str
) -> None:
    crumb = 'class="crumbs no-print"'
    assert crumb in signed_in(zhou_inspector).get(path).content.decode()
    assert "/admin/" not in links(signed_in(chen_officer).get(path))


def test_the_atlas_hangs_on_no_list_of_reviews(zhou_inspector: User, signed_in) -> None:
    page = signed_in(zhou_inspector).get("/admin/schedule/planversion/atlas/").content.decode()
    crumbs = page[page.index('class="breadcrumbs"') :].split("</div>")[0]
    assert crumbs.count("<a ") == 1
