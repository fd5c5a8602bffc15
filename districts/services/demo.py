"""Loads demonstration accounts and registers, labelled as such; what exists is left alone."""

import secrets
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict
from datetime import date

from django.contrib.auth.hashers import check_password, make_password
from django.db import transaction
from django.utils import timezone

from audit.services import record
from districts.demo import DemoSchool, DemoUnit, display_name, schools_of
from districts.models import District, Hook, School, User
from districts.roles import DEPARTMENTS, DISTRICT_ROLES, Role
from districts.scope import ACCOUNTS, CITY, DISTRICT
from districts.services import hooks
from districts.services.schools import spell
from districts.services.units import note

MUNICIPAL_ACCOUNTS = {
    "manager": Role.MANAGER,
    "inspector": Role.INSPECTOR,
    "inspector2": Role.INSPECTOR,
    "auditor": Role.AUDITOR,
    "keeper": Role.KEEPER,
}
WITH_DEPARTMENTS = ("500243",)  # the unit whose school plans are made
URBAN_TENTHS = {"中心城区": 9, "主城新区": 5}

_LETTERS = "abcdefghijkmnpqrstuvwxyz"
_UPPER = "ABCDEFGHJKLMNPQRSTUVWXYZ"
_DIGITS = "23456789"  # without 0 and 1: people copy these by hand
_SIGNS = "-+=#%"


def new_password() -> str:
    """Sixteen characters of all four kinds, easy to copy by hand."""
    kinds = (_LETTERS, _UPPER, _DIGITS, _SIGNS)
    picked = [secrets.choice(kind) for kind in kinds]
    picked += [secrets.choice(_LETTERS + _UPPER + _DIGITS) for _n in range(12)]
    secrets.SystemRandom().shuffle(picked)
    return "".join(picked)


def existing_demo_accounts() -> int:
    return User.objects.filter(is_demo=True).count()


@transaction.atomic
def load_accounts(
    *, districts: Iterable[District], seed: int, password: str, by: User | None
) -> list[User]:
    """Add the missing accounts of the city and of each district.

    Every account gets a random password of its own, or ``password`` when that is not empty; it
    stands in ``new_password`` for once.
    """
    wanted = _wanted_accounts(districts, seed)
    taken = set(User.objects.values_list("username", flat=True))
    new = [user for user in wanted if user.username not in taken]
    _give_passwords(new, password)
    User.objects.bulk_create(new)
    if new:
        names = [user.username for user in new]
        record(action="demo.accounts", by=by, changes={"accounts": names})
    return new


def _wanted_accounts(districts: Iterable[District], seed: int) -> list[User]:
    districts = list(districts)
    people = [_account(name, role, None, seed) for name, role in MUNICIPAL_ACCOUNTS.items()]
    people += [
        _account(f"{role}_{district.code}", role, district, seed)
        for district in districts
        for role in DISTRICT_ROLES
    ]
    people += [
        _account(f"{office}_{district.code}", Role.DEPARTMENT, district, seed, office)
        for district in districts
        for office in DEPARTMENTS
        if district.code in WITH_DEPARTMENTS
    ]
    return people


def _account(
    username: str, role: str, district: District | None, seed: int, office: str = ""
) -> User:
    return User(
        username=username,
        display_name=display_name(seed, username),
        role=role,
        reach=DISTRICT if district else ACCOUNTS if role == Role.KEEPER else CITY,
        district=district,
        office=office,
        is_demo=True,
    )


def _give_passwords(users: Sequence[User], password: str) -> None:
    """Sets the passwords; hashing is slow on purpose, so the work is shared between threads."""
    shared = make_password(password) if password else ""
    texts = [password or new_password() for _user in users]
    with ThreadPoolExecutor() as pool:
        hashes = [shared] * len(texts) if shared else list(pool.map(make_password, texts))
    now = timezone.now()
    for user, text, encoded in zip(users, texts, hashes, strict=True):
        user.password, user.password_changed_at, user.new_password = encoded, now, text


@transaction.atomic
def reset_passwords(*, password: str, by: User | None) -> list[User]:
    """New passwords for all demonstration accounts; real accounts are left alone."""
    users = list(User.objects.filter(is_demo=True).select_related("district").order_by("pk"))
    _give_passwords(users, password)
    User.objects.bulk_update(users, ["password", "password_changed_at"])
    if users:
        record(action="demo.passwords", by=by, changes={"accounts": len(users)})
    return users


def share_password(*, password: str, by: User | None) -> None:
    """Give all demonstration accounts this password, unless they have it already."""
    stored = User.objects.filter(is_demo=True).order_by().values_list("password", flat=True)
    hashes = set(stored.distinct()[:2])
    if len(hashes) != 1 or not check_password(password, hashes.pop()):
        reset_passwords(password=password, by=by)


@transaction.atomic
def load_register(
    *, district: District, seed: int, years: int, by: User | None, size: int | None = None
) -> int:
    """Add the district's made-up schools unless it has a register; returns how many were added."""
    if district.schools.exists():
        return 0
    this_year = timezone.localdate().year
    unit = DemoUnit(district.code, district.name, URBAN_TENTHS.get(district.subregion, 3))
    lines = schools_of(
        unit, seed=seed, first_year=this_year - years, last_year=this_year - 1, size=size
    )
    _store(district, lines)
    note(action="demo.register", by=by, on=district, changes={"schools": len(lines)})
    return len(lines)


@transaction.atomic
def load_hook(*, by: User) -> None:
    """An address that exists nowhere, and is out of use: what one looks like."""
    if not Hook.objects.exists():
        url, origin = "https://hooks.demo.invalid/example", "http://127.0.0.1:8000/"
        hooks.end(hook=hooks.register(user=by, by=by, url=url, origin=origin), by=by)


def _store(district: District, lines: Iterable[DemoSchool]) -> None:
    """Main schools before the teaching points that hang on them."""
    lines = [line for line in lines if line.valid_from <= (district.valid_to or date.max)]
    ids: dict[str, int] = {}
    for batch in ([x for x in lines if not x.attached_to], [x for x in lines if x.attached_to]):
        rows = School.objects.bulk_create(_row(district, line, ids) for line in batch)
        ids.update({row.code: row.pk for row in rows})


def _row(district: District, line: DemoSchool, ids: dict[str, int]) -> School:
    facts = {**asdict(line), "attached_to_id": ids[line.attached_to] if line.attached_to else None}
    facts |= {"valid_to": district.valid_to, "is_demo": True}
    facts["valid_from"] = max(line.valid_from, district.valid_from or date.min)
    del facts["attached_to"]
    school = School(district=district, **facts)
    spell(school)
    return school
