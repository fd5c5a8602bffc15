"""Who sees which rows: the city, one district, or nothing."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import IntegrityError, transaction
from django.http import Http404

from districts.models import ApiToken, District, SavedView, School, User
from districts.scope import DISTRICT, reaches
from districts.services.people import create_token
from districts.services.saved import save_view


@pytest.fixture
def two_schools(shapingba, tongliang):
    def school(district, code):
        return School.objects.create(
            district=district,
            code=code,
            name=f"{district}第一小学",
            school_type="小学",
            ownership="公办",
            location="城区",
        )

    return school(shapingba, "5001060001"), school(tongliang, "5001510001")


def test_an_officer_sees_her_own_district(two_schools, chen_officer):
    assert list(School.objects.visible_to(chen_officer)) == [two_schools[0]]


@pytest.mark.parametrize("who", ["zhou_inspector", "wu_manager", "he_auditor"])
def test_municipal_people_see_the_city(request, two_schools, who):
    assert School.objects.visible_to(request.getfixturevalue(who)).count() == 2


def test_m43_who_keeps_accounts_sees_accounts_and_nothing_else(two_schools, yang_keeper):
    create_token(user=yang_keeper, scopes=["read"], by=yang_keeper)
    assert not School.objects.visible_to(yang_keeper).exists()
    assert User.objects.visible_to(yang_keeper).count() == User.objects.count()
    assert ApiToken.objects.visible_to(yang_keeper).count() == 1


def test_visitors_and_disabled_accounts_see_nothing(two_schools, chen_officer):
    chen_officer.is_active = False
    assert not School.objects.visible_to(chen_officer).exists()
    assert not School.objects.visible_to(AnonymousUser()).exists()


def test_a_missing_district_never_means_all(two_schools):
    undecided = User(username="x", role="client", reach=DISTRICT, district=None)
    assert not School.objects.visible_to(undecided).exists()
    assert not School.objects.visible_to(User(username="y", role="client", reach="")).exists()


def test_a_district_reach_without_its_district_sees_no_row_that_has_none(wu_manager, chen_officer):
    """The accounts of the city have no district either: they must not become hers."""
    undecided = User(username="x", role="client", reach=DISTRICT, district=None)
    create_token(user=wu_manager, scopes=["read"], by=wu_manager)
    assert User.objects.filter(district=None).exists()
    assert not User.objects.visible_to(undecided).exists()
    assert not ApiToken.objects.visible_to(undecided).exists()


@pytest.mark.parametrize("role", ["client", "officer"])
def test_the_database_takes_no_district_reach_without_a_district(chen_officer, role):
    rows = User.objects.filter(pk=chen_officer.pk)
    with pytest.raises(IntegrityError, match="user_reach_matches_district"), transaction.atomic():
        rows.update(role=role, reach=DISTRICT, district=None)
    with pytest.raises(IntegrityError), transaction.atomic():
        rows.update(role=role, reach="city")


def test_units_are_public():
    assert District.objects.visible_to(AnonymousUser()).query.where.children == []


def test_somebody_elses_row_is_not_found(two_schools, chen_officer):
    own, other = two_schools
    assert School.objects.get_visible(chen_officer, pk=own.pk) == own
    with pytest.raises(Http404):
        School.objects.get_visible(chen_officer, pk=other.pk)


def test_scope_follows_the_stored_row_not_the_account_in_memory(two_schools, chen_officer):
    own, other = two_schools
    School.objects.filter(pk=own.pk).update(district=other.district)
    assert not School.objects.visible_to(chen_officer).exists()


def test_what_is_not_public_about_a_unit_is_the_citys_and_its_own(
    shapingba, tongliang, zhou_inspector, chen_officer, yang_keeper
):
    assert reaches(zhou_inspector, tongliang.pk)
    assert reaches(chen_officer, shapingba.pk)
    assert not reaches(chen_officer, tongliang.pk)
    assert not reaches(yang_keeper, tongliang.pk)
    assert not reaches(AnonymousUser(), shapingba.pk)
    chen_officer.is_active = False
    assert not reaches(chen_officer, shapingba.pk)


def test_a_department_reads_nothing_of_its_district_but_its_own_list(two_schools, chen_officer):
    chen_officer.office = "编制"
    assert not School.objects.visible_to(chen_officer).exists()
    assert not reaches(chen_officer, chen_officer.district_id)


def test_what_is_personal_is_nobodys_but_its_owners(zhou_inspector, wu_manager):
    save_view(page="own-table", name="主城", query="region=主城都市区", by=zhou_inspector)
    assert SavedView.objects.visible_to(zhou_inspector).count() == 1
    assert not SavedView.objects.visible_to(wu_manager).exists()
    assert not SavedView.objects.visible_to(AnonymousUser()).exists()
    zhou_inspector.is_active = False
    assert not SavedView.objects.visible_to(zhou_inspector).exists()
