"""What the database itself refuses."""

from datetime import date

import pytest
from django.db import DatabaseError, transaction

from districts.models import District, School, User
from districts.roles import Role
from districts.scope import ACCOUNTS, CITY, DISTRICT

pytestmark = pytest.mark.usefixtures("reference")


def refuses(create):
    with pytest.raises(DatabaseError), transaction.atomic():
        create()


@pytest.mark.parametrize(
    ("role", "reach", "has_district", "is_possible"),
    [
        (Role.OFFICER, DISTRICT, True, True),
        (Role.OFFICER, DISTRICT, False, False),
        (Role.OFFICER, CITY, False, False),
        (Role.SIGNATORY, DISTRICT, True, True),
        (Role.SIGNATORY, CITY, True, False),
        (Role.INSPECTOR, CITY, False, True),
        (Role.INSPECTOR, CITY, True, False),
        (Role.MANAGER, DISTRICT, True, False),
        (Role.AUDITOR, CITY, False, True),
        (Role.KEEPER, ACCOUNTS, False, True),
        (Role.KEEPER, CITY, False, False),
        (Role.MANAGER, ACCOUNTS, False, False),
        (Role.CLIENT, ACCOUNTS, False, False),
        (Role.CLIENT, CITY, False, True),
        (Role.CLIENT, DISTRICT, True, True),
        (Role.CLIENT, DISTRICT, False, False),
        ("king", CITY, False, False),
        (Role.CLIENT, "", False, False),
    ],
)
def test_role_reach_and_district_fit_together(shapingba, role, reach, has_district, is_possible):
    def create():
        User.objects.create(
            username="someone",
            display_name="某人",
            role=role,
            reach=reach,
            district=shapingba if has_district else None,
        )

    if is_possible:
        create()
    else:
        refuses(create)


@pytest.mark.parametrize(
    "code", ["123456789", "12345678901", "21500001ab", "２１５０００００００１", ""]
)
def test_a_school_code_is_ten_digits(shapingba, code):
    refuses(
        lambda: School.objects.create(
            district=shapingba,
            code=code,
            name="某校",
            school_type="小学",
            ownership="公办",
            location="城区",
        )
    )


def test_a_unit_cannot_end_before_it_begins(shapingba):
    shapingba.valid_from, shapingba.valid_to = date(2026, 1, 2), date(2026, 1, 1)
    refuses(shapingba.save)


def test_two_units_cannot_share_a_tile(shapingba, tongliang):
    tongliang.tile_column, tongliang.tile_row = shapingba.tile_column, shapingba.tile_row
    refuses(tongliang.save)


@pytest.mark.parametrize(
    ("day", "exists"),
    [(date(2022, 1, 8), True), (date(2025, 11, 5), True), (date(2025, 11, 6), False)],
)
def test_validity_ends_after_its_last_day(day, exists):
    jiangbei = District.objects.get(name="江北区")
    assert jiangbei.exists_on(day) is exists
    assert District.objects.valid_on(day).filter(pk=jiangbei.pk).exists() is exists
    assert District.objects.valid_on(day).count() == (41 if exists else 39)
