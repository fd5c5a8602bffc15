"""Who sees which rows: the city, one district, or nothing."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.http import Http404

from districts.models import District, School, User
from districts.scope import DISTRICT


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


def test_visitors_and_disabled_accounts_see_nothing(two_schools, chen_officer):
    chen_officer.is_active = False
    assert not School.objects.visible_to(chen_officer).exists()
    assert not School.objects.visible_to(AnonymousUser()).exists()


def test_a_missing_district_never_means_all(two_schools):
    undecided = User(username="x", role="client", reach=DISTRICT, district=None)
    assert not School.objects.visible_to(undecided).exists()
    assert not School.objects.visible_to(User(username="y", role="client", reach="")).exists()


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
