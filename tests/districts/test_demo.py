"""Demonstration data: labelled, the same for the same seed, harmless to what exists."""

import re
from collections import Counter
from io import StringIO
from typing import Any

import pytest
from django.contrib.auth.password_validation import validate_password
from django.core.management import CommandError, call_command

from audit.models import Entry
from audit.services import verify
from districts.demo import DemoUnit, schools_of
from districts.models import District, School, User
from districts.models.school import SchoolType
from districts.roles import Role
from districts.services import demo
from tests.conftest import PASSWORD

pytestmark = pytest.mark.usefixtures("reference")
TONGLIANG = DemoUnit("500151", "铜梁区", 5)
YEARS = {"first_year": 2023, "last_year": 2025}


def load(**options: Any) -> str:
    out = StringIO()
    call_command("load_demo", years=1, stdout=out, **options)
    return out.getvalue()


def test_every_unit_gets_its_accounts_and_a_labelled_register() -> None:
    new = demo.load_accounts(districts=District.objects.all(), seed=1, password="", by=None)
    for district in District.objects.all():
        demo.load_register(district=district, seed=1, years=1, size=8, by=None)
    names = set(User.objects.values_list("username", flat=True))
    codes = District.objects.values_list("code", flat=True)
    assert names == {"manager", "inspector", "inspector2", "auditor", "keeper"} | {
        f"{role}_{code}" for code in codes for role in ("officer", "signatory")
    } | {f"{office}_500243" for office in ("staffing", "finance", "personnel", "planning")}
    assert len(names) == 93
    assert not User.objects.filter(is_demo=False).exists()
    assert School.objects.count() == 42 * 8
    assert not School.objects.filter(is_demo=False).exists()
    assert not School.objects.exclude(name__endswith="(演示)").exists()
    assert {user.username for user in new} == names
    assert verify() is None


def test_each_unit_is_one_audit_entry() -> None:
    before = Entry.objects.count()
    load(schools=8, districts=["500106", "500151"])
    entries = Entry.objects.filter(number__gt=before, action__startswith="demo.")
    entries = entries.order_by("number")
    assert [(entry.action, entry.district_code) for entry in entries] == [
        ("demo.accounts", ""),
        ("demo.register", "500106"),
        ("demo.register", "500151"),
    ]
    assert entries[1].changes == {"schools": 8}


def test_loading_again_changes_nothing_and_shows_no_password() -> None:
    first = load(schools=8, districts=["500106"])
    password = User.objects.get(username="officer_500106").password
    entries = Entry.objects.count()
    again = load(schools=8, districts=["500106"])
    assert "officer_500106" in first
    assert "officer_500106" not in again
    assert "reset_demo_passwords" in again
    assert Entry.objects.count() == entries
    assert User.objects.get(username="officer_500106").password == password


def test_shown_passwords_open_the_accounts_and_are_good_ones() -> None:
    told = load(schools=7, districts=["500106"])
    for line in told.splitlines():
        words = line.split()
        if len(words) > 2 and words[0] in {"manager", "officer_500106"}:
            assert User.objects.get(username=words[0]).check_password(words[1])
            validate_password(words[1])
            break
    else:
        pytest.fail("no account was shown")
    assert len({account.password for account in User.objects.all()}) == 7


def test_one_password_for_all_when_asked_for(settings: Any) -> None:
    load(schools=7, districts=["500106"])
    settings.DEMO_PASSWORD = PASSWORD
    told = load(schools=7, districts=["500106"])
    assert PASSWORD not in told
    assert all(account.check_password(PASSWORD) for account in User.objects.all())
    entries = Entry.objects.count()
    load(schools=7, districts=["500106"])
    assert Entry.objects.count() == entries


def test_new_passwords_are_for_demonstration_accounts_only(chen_officer: User) -> None:
    load(schools=7, districts=["500151"])
    old = dict(User.objects.values_list("username", "password"))
    call_command("reset_demo_passwords", stdout=StringIO())
    new = dict(User.objects.values_list("username", "password"))
    assert {name for name in old if old[name] == new[name]} == {chen_officer.username}


def test_without_demonstration_accounts_there_is_nothing_to_reset() -> None:
    with pytest.raises(CommandError, match="没有演示账号"):
        call_command("reset_demo_passwords", stdout=StringIO())


def test_real_accounts_and_registers_are_left_alone(chen_officer: User) -> None:
    school = School.objects.create(
        district=chen_officer.district,
        code="2150000001",
        name="真实学校",
        school_type="小学",
        ownership="公办",
        location="城区",
    )
    load(schools=7, districts=["500106"])
    assert list(School.objects.all()) == [school]
    chen_officer.refresh_from_db()
    assert not chen_officer.is_demo
    assert chen_officer.check_password(PASSWORD)


def test_the_same_seed_gives_the_same_register_and_another_another() -> None:
    assert schools_of(TONGLIANG, seed=1, **YEARS) == schools_of(TONGLIANG, seed=1, **YEARS)
    assert schools_of(TONGLIANG, seed=1, **YEARS) != schools_of(TONGLIANG, seed=2, **YEARS)


@pytest.mark.parametrize("seed", range(12))
def test_registers_are_plausible(seed: int) -> None:
    schools = schools_of(TONGLIANG, seed=seed, **YEARS)
    kinds = Counter(school.school_type for school in schools)
    codes = {school.code for school in schools}
    assert 34 <= len(schools) <= 180
    assert set(kinds) == set(SchoolType.values)
    assert kinds["特殊教育学校"] == 1
    assert len(codes) == len({school.name for school in schools}) == len(schools)
    for school in schools:
        assert re.fullmatch("[0-9]{10}", school.code)
        assert school.code.startswith("500151")
        assert (school.attached_to is not None) == (school.school_type == "教学点")
        assert school.attached_to is None or school.attached_to in codes


def test_a_large_register_does_not_run_out_of_names() -> None:
    schools = schools_of(TONGLIANG, seed=1, size=400, **YEARS)
    assert len({school.name for school in schools}) == 400


def test_units_without_digits_have_codes_of_their_own() -> None:
    load(schools=7, districts=["LJXQ", "GXQ", "WSJKQ"])
    prefixes = {code[:6] for code in School.objects.values_list("code", flat=True)}
    assert len(prefixes) == 3
    assert all(prefix.startswith("99") for prefix in prefixes)


def test_an_abolished_unit_keeps_its_schools_until_its_last_day() -> None:
    load(schools=20, districts=["500112"])
    ends = set(School.objects.values_list("valid_to", flat=True))
    assert ends == {District.objects.get(code="500112").valid_to}


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["--districts", "500999"], "没有代码为「500999」"),
        (["--years", "0"], "years"),
        (["--schools", "401"], "schools"),
        (["--seed", "x"], "seed"),
    ],
)
def test_bad_arguments_get_a_sentence(arguments: list[str], sentence: str) -> None:
    with pytest.raises(CommandError, match=sentence):
        call_command("load_demo", *arguments, stdout=StringIO())


def test_roles_and_reach_fit(tongliang: District) -> None:
    demo.load_accounts(districts=[tongliang], seed=3, password="", by=None)
    officer = User.objects.get(username="officer_500151")
    assert (officer.role, officer.district) == (Role.OFFICER, tongliang)
    assert User.objects.get(username="inspector2").role == Role.INSPECTOR


def test_made_up_accounts_never_enter_an_installation_in_use(settings: Any) -> None:
    settings.IS_TRIAL = False
    entries = Entry.objects.count()
    with pytest.raises(CommandError, match="DEBUG=1") as refused:
        load(schools=7, districts=["500106"])
    assert refused.value.returncode == 2
    assert (Entry.objects.count(), User.objects.count()) == (entries, 0)
