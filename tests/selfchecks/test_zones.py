"""Zones such as 重庆高新区 have letters for a code and everything else like any district."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from districts.models import District, User
from districts.roles import Role
from selfchecks.models import SelfCheck
from selfchecks.services import opening
from selfchecks.services.steps import take_step
from tests.conftest import person
from tests.selfchecks.conftest import DUE_ON, FILL_FROM, decide, keep_clean, register
from tests.selfchecks.test_pages_reading import PAGES, WITH_FIGURES


@pytest.fixture
def high_tech(reference: None) -> District:
    district = District.objects.get(code="GXQ")
    register(district, ("小学", "初中", "九年一贯制"))
    return district


@pytest.fixture
def self_check(high_tech: District, wu_manager: User) -> SelfCheck:
    opened = opening.open_year(
        year=2026, due_on=DUE_ON, fill_from=FILL_FROM, by=wu_manager, districts=[high_tech]
    )
    return opened.new[0]


def test_a_zone_goes_all_the_way(
    self_check: SelfCheck,
    high_tech: District,
    zhou_inspector: User,
    signed_in: Callable[[User], Client],
) -> None:
    gao, tang = (
        person("officer_gxq", "高洁", Role.OFFICER, high_tech),
        person("signatory_gxq", "唐亮", Role.SIGNATORY, high_tech),
    )
    assert self_check.reference == "GXQ-2026"
    home = f"/self-checks/{self_check.reference}/"
    for page in PAGES:
        assert signed_in(gao).get(home + page).status_code == 200, page
    keep_clean(self_check, gao)
    steps = (("send_for_signature", gao), ("submit", tang), ("take_up", zhou_inspector))
    for step, by in steps:
        take_step(self_check=self_check, step=step, by=by)
        for page in ("", "result/", "check/", "trail/", "comments/"):
            assert signed_in(by).get(home + page).status_code == 200, (step, page)
    school = self_check.school_records.first().school_code
    for page in WITH_FIGURES:
        if "figures/21" not in page:
            assert signed_in(gao).get(home + page).status_code == 200, page
    assert signed_in(gao).get(f"{home}figures/{school}/teachers/").status_code == 200
    review = reverse("admin:selfchecks_selfcheck_review", args=[self_check.pk])
    assert signed_in(zhou_inspector).get(review).status_code == 200
    decide(self_check, "approve", zhou_inspector)
    self_check.refresh_from_db()
    assert self_check.state == "approved"


@pytest.mark.parametrize("text", ["gxq-2026", "GXQ-26", "GXQ2026", "-2026", "GXQ-2026-1"])
def test_other_ways_of_writing_it_are_not_found(
    self_check: SelfCheck,
    zhou_inspector: User,
    signed_in: Callable[[User], Client],
    text: str,
) -> None:
    assert signed_in(zhou_inspector).get(f"/self-checks/{text}/").status_code == 404
