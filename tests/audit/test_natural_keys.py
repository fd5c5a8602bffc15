"""An entry says the same for ever: JSON, natural keys, and the names of its own day."""

import json
from datetime import date
from decimal import Decimal
from importlib import import_module
from typing import Any

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.db.migrations.executor import MigrationExecutor

from audit.chain import seal, seal_of_head
from audit.models import ChainHead, Entry
from audit.services import as_json, record, verify
from audit.wording import changes_of, unit_name
from districts.models import District, School, User
from districts.models.school import SchoolType
from districts.services import people, schools, units

MIGRATION = "0002_freeze_names_of_old_entries"
LIST = "/admin/audit/entry/"
CASES = {"A5.extra_venues": {"evidence": "渝教〔2026〕3号", "amount": "120.5"}}


@pytest.fixture
def school(shapingba: District, wu_manager: User) -> School:
    return schools.create_school(
        district=shapingba,
        by=wu_manager,
        code="5001060001",
        name="甲小学",
        school_type="小学",
        ownership="公办",
        location="城区",
        special_cases=CASES,
    )


def entry_of(action: str) -> Entry:
    return Entry.objects.filter(action=action).latest("number")


def read(entry: Entry) -> list[str]:
    return [f"{unit_name(entry)} {entry.object_label}", *map(str, changes_of(entry))]


def test_values_are_json_and_objects_natural_keys(school: School, shapingba: District) -> None:
    changes = entry_of("school.create").changes
    assert changes["district"] == {"code": "500106", "name": "沙坪坝区"}
    assert changes["special_cases"] == CASES
    assert changes["attached_to"] is None
    assert changes["valid_from"] is None


@pytest.mark.parametrize(
    ("value", "kept"),
    [
        (True, True),
        (3, 3),
        (Decimal("4.20"), "4.20"),
        (Decimal("1E+2"), "100"),
        (date(2026, 9, 1), "2026-09-01"),
        (("a", None), ["a", None]),
        ({"x": {"y": Decimal("0.5")}}, {"x": {"y": "0.5"}}),
        (SchoolType.PRIMARY, "小学"),
    ],
)
def test_nothing_of_python_is_kept(value: Any, kept: Any) -> None:
    assert as_json(value) == kept
    assert json.loads(json.dumps(as_json(value))) == kept


def test_an_account_is_its_name_and_login(db: None, chen_officer: User) -> None:
    assert as_json(chen_officer) == {"code": chen_officer.username, "name": str(chen_officer)}


def test_yes_and_no_stay_so(db: None, yang_keeper: User, shapingba: District) -> None:
    """A choice, a flag and a place of an account, in the trail and in words."""
    user, _password = people.create_user(
        username="li", display_name="李", role="officer", reach="district",
        district=shapingba, by=yang_keeper,
    )  # fmt: skip
    assert entry_of("user.create").changes["district"] == {"code": "500106", "name": "沙坪坝区"}
    assert "区县：沙坪坝区" in map(str, changes_of(entry_of("user.create")))
    with transaction.atomic():
        flagged = record(action="x.update", by=None, on=user, changes={"is_active": [True, False]})
    assert list(map(str, changes_of(flagged))) == ["启用：是 → 否"]


def test_renaming_rewrites_no_entry(
    school: School, shapingba: District, tongliang: District, wu_manager: User
) -> None:
    """Unit and school as values, as keys and as the place of the entry."""
    with transaction.atomic():
        record(
            action="records.import",
            by=wu_manager,
            on=school,
            district_code="500106",
            changes={
                "500151": [2026, 2027],
                "5001060001.equipment_value": ["1", "2"],
                "added": ["5001060001"],
            },
        )
    schools.update_school(school=school, by=wu_manager, district=tongliang)
    entries = list(Entry.objects.all())
    before = [read(entry) for entry in entries]
    kept = [(entry.changes, entry.names, entry.hash) for entry in entries]
    for unit, name in ((shapingba, "沙区"), (tongliang, "铜区")):
        units.update_district(district=unit, by=wu_manager, name=name)
    schools.update_school(school=school, by=wu_manager, name="乙小学")
    again = list(Entry.objects.filter(number__lte=entries[0].number))
    assert [read(entry) for entry in again] == before
    assert [(entry.changes, entry.names, entry.hash) for entry in again] == kept
    assert any(
        "甲小学\u00a0· 教学仪器设备资产值：1 → 2" in line for lines in before for line in lines
    )
    assert any("铜梁区：2026 → 2027" in line for lines in before for line in lines)
    assert verify() is None


def test_a_moved_school_is_found_under_both_units(
    signed_in: Any, he_auditor: User, bearer: Any, wu_manager: User, school: School,
    tongliang: District, shapingba: District,
) -> None:  # fmt: skip
    schools.update_school(school=school, by=wu_manager, district=tongliang)
    moved = entry_of("school.update")
    assert (moved.district_code, moved.other_district_code) == ("500151", "500106")
    assert moved.changes["district"] == [
        {"code": "500106", "name": "沙坪坝区"},
        {"code": "500151", "name": "铜梁区"},
    ]
    auditor = signed_in(he_auditor)
    for code in ("500106", "500151"):
        found = auditor.get(f"/api/v1/audit/?district={code}&action=school.update").json()
        assert [row["number"] for row in found["results"]] == [moved.number]
        rows = auditor.get(f"{LIST}?district_code={code}").context["cl"].result_list
        assert moved.number in [row.number for row in rows]
    for district, sees_creation in ((tongliang, False), (shapingba, True)):
        seen = bearer(he_auditor, "read", district=district).get("/api/v1/audit/").json()["results"]
        actions = [row["action"] for row in seen]
        assert "school.update" in actions
        assert ("school.create" in actions) is sees_creation


def test_who_follows_whom_stands_under_both(
    wu_manager: User, shapingba: District, tongliang: District
) -> None:
    units.record_succession(
        predecessor=shapingba, successor=tongliang, day=date(2026, 1, 1), kind="whole",
        description="并入", by=wu_manager,
    )  # fmt: skip
    entry = entry_of("succession.record")
    assert list(Entry.objects.of_unit("500151")) == [entry]
    assert entry.changes["successor"] == {"code": "500151", "name": "铜梁区"}


def as_before(entry: Entry, **changed: Any) -> Entry:
    """The entry rewritten as the portal kept entries before layout 2, the chain sealed anew."""
    fields = {field.name: getattr(entry, field.name) for field in Entry._meta.concrete_fields}
    fields |= {"layout": 1, "names": {}, "other_district_code": "", "seals": {}, **changed}
    fields["hash"] = seal(fields)
    super(type(Entry.objects.all()), Entry.objects.filter(pk=entry.pk)).update(**fields)
    ChainHead.objects.update(hash=fields["hash"])
    sign_head()
    return Entry.objects.get(pk=entry.pk)


def test_entries_of_before_verify_and_get_the_names_of_the_day_of_migration(
    school: School, shapingba: District, tongliang: District, wu_manager: User
) -> None:
    schools.update_school(school=school, by=wu_manager, district=tongliang)
    keys = [str(shapingba.pk), str(tongliang.pk)]
    old = as_before(entry_of("school.update"), changes={"district": keys})
    assert verify() is None
    freeze()
    assert verify() is None
    old = Entry.objects.get(pk=old.pk)
    assert (old.changes, old.hash) == ({"district": keys}, old.hash)
    assert read(old) == ["铜梁区 甲小学", "区县：沙坪坝区 → 铜梁区"]
    assert old in Entry.objects.of_unit("500106")
    units.update_district(district=shapingba, by=wu_manager, name="沙区")
    units.update_district(district=tongliang, by=wu_manager, name="铜区")
    assert read(Entry.objects.get(pk=old.pk)) == ["铜梁区 甲小学", "区县：沙坪坝区 → 铜梁区"]


def freeze() -> None:
    migration = import_module(f"districts.migrations.{MIGRATION}")
    state = MigrationExecutor(connection).loader.project_state(
        [("districts", MIGRATION), ("audit", "0003_seals")]
    )
    migration.freeze(state.apps, None)
    sign_head()


def sign_head() -> None:
    """The chain of a test began with the key; the one of before had none."""
    head = ChainHead.objects.get()
    head.seal = seal_of_head(head, settings.AUDIT_KEYS)
    head.save()


@pytest.mark.parametrize(
    "forged", [{"names": {"500106": "别处"}}, {"other_district_code": "500151"}, {"names": {}}]
)
def test_what_old_entries_were_given_later_is_sealed(
    school: School, wu_manager: User, forged: dict[str, Any]
) -> None:
    old = as_before(entry_of("school.create"))
    freeze()
    schools.update_school(school=school, by=wu_manager, name="乙小学")
    assert verify() is None
    super(type(Entry.objects.all()), Entry.objects.filter(pk=old.pk)).update(**forged)
    broken = verify()
    assert broken is not None
    assert (broken.number, broken.what) == (entry_of("audit.freeze").number, "names")
    with pytest.raises(CommandError, match="以前记录里固定下来的名称被改动"):
        call_command("audit_verify")


def test_nothing_is_sealed_where_nothing_is_old(school: School) -> None:
    before = Entry.objects.count()
    freeze()
    assert Entry.objects.count() == before
    assert verify() is None


def test_a_school_kept_as_an_object_reads_by_its_name(school: School) -> None:
    with transaction.atomic():
        entry = record(action="test.step", by=None, changes={"school": school})
    assert [change.after for change in changes_of(entry)] == ["甲小学"]


def test_a_new_entry_cannot_pass_for_an_old_one(school: School) -> None:
    """Layout, names and the other unit are sealed."""
    entry = entry_of("school.create")
    rows = super(type(Entry.objects.all()), Entry.objects.filter(pk=entry.pk))
    for change in ({"layout": 1}, {"names": {}}, {"other_district_code": "500151"}):
        before = {name: getattr(entry, name) for name in change}
        rows.update(**change)
        broken = verify()
        assert broken is not None
        assert (broken.number, broken.what) == (entry.number, "changed")
        rows.update(**before)
    assert verify() is None
