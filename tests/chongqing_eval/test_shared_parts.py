"""Signed-in people share what is the same for all who may see it: never stale, never another
role's (m45, m71)."""

from typing import Any

import pytest
from django.test import Client

from districts.models import User
from schedule.services import reading
from schedule.services.plans import replan
from tests.reader import links, words

pytestmark = pytest.mark.usefixtures("reference", "kept_answers")


def test_m71_what_people_share_is_new_in_the_next_answer(
    wu_manager: User, zhou_inspector: User, signed_in: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Read once for both of them, and again after a change."""
    read, as_it_is = [], reading.position_on

    def counted(*asked: Any, **more: Any) -> Any:
        read.append(asked)
        return as_it_is(*asked, **more)

    monkeypatch.setattr(reading, "position_on", counted)
    for person in (wu_manager, zhou_inspector):
        assert "按第 1 版规划" in words(signed_in(person).get("/admin/"))
    assert len(read) == 1
    replan(changes={"500151": 2027}, by=wu_manager, reason="校舍改造", document_number="文1号")
    for person in (wu_manager, zhou_inspector):
        assert "按第 2 版规划" in words(signed_in(person).get("/admin/"))


def test_m45_every_role_is_shown_its_own_ways(
    chen_officer: User,
    li_finance: User,
    zhou_inspector: User,
    he_auditor: User,
    signed_in: Any,
) -> None:
    """Whoever comes first, in the frame of public pages and in that of the desk."""
    of_bureau, of_department = "/self-checks/now/", "/measures/"
    for _round in range(2):
        stranger = links(Client().get("/roadmap/"))
        assert "/accounts/login/" in stranger
        assert {of_bureau, of_department} & {*stranger} == set()
        for person, own in ((chen_officer, of_bureau), (li_finance, of_department)):
            shown = {*links(signed_in(person).get("/roadmap/"))}
            assert shown & {of_bureau, of_department, "/accounts/login/"} == {own}
        for person, of_record in ((zhou_inspector, False), (he_auditor, True)):
            shown = {*links(signed_in(person).get("/admin/data/"))}
            assert ("/admin/jobs/" in shown) is of_record
            assert f"/guides/{person.role}/" in shown
    english = words(signed_in(chen_officer).get("/en/roadmap/"))
    assert "首页" not in english
