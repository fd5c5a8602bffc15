"""Nobody rewrites the trail unnoticed: every byte, row and order of the chain is checked (m72)."""

from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.utils import timezone

from audit.chain import SEALED_FIELDS
from audit.models import AppendOnlyError, ChainHead, Entry
from audit.services import record, verify
from districts.models import District

TABLE = Entry._meta.db_table
# One other value for each column: text gets one more sign.
OTHER_VALUES: dict[str, Any] = {
    "at": timezone.now(),
    "changes": '{"amount": "9"}',
    "names": '{"500106": "别的名称"}',
    "layout": 1,
    "signature": '{"key": "0001-00000000"}',
    "seals": '{"districts.school": {"1": null}}',
    "hash": "f" * 64,
    "previous_hash": "e" * 64,
}


@pytest.fixture
def entries(chen_officer: Any, shapingba: District) -> list[Entry]:
    """Five entries with every field filled, on top of what loading the reference left."""
    for number in range(5):
        with transaction.atomic():
            record(
                action="test.step",
                by=chen_officer,
                on=shapingba,
                district_code="500106",
                changes={"amount": str(number)},
                reason=f"原因 {number}",
            )
    return list(Entry.objects.order_by("number"))


def sql(statement: str, *values: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)


def test_an_untouched_chain_holds(entries: list[Entry]) -> None:
    assert verify() is None
    assert [entry.number for entry in entries] == list(range(1, len(entries) + 1))
    assert all(b.previous_hash == a.hash for a, b in zip(entries, entries[1:], strict=False))


def test_an_empty_chain_holds(db: None) -> None:
    assert verify() is None


@pytest.mark.parametrize("column", sorted({*SEALED_FIELDS, "hash"} - {"number"}))
def test_m72_one_changed_value_in_any_column_is_found(entries: list[Entry], column: str) -> None:
    victim = entries[-3]
    value = OTHER_VALUES.get(column, f"{getattr(victim, column)}x")
    sql(f"UPDATE {TABLE} SET {column} = %s WHERE number = %s", value, victim.number)
    broken = verify()
    assert broken is not None
    assert broken.number == victim.number
    assert broken.what in {"changed", "relinked", "key", "signature"}


def test_m72_a_deleted_entry_is_found(entries: list[Entry]) -> None:
    sql(f"DELETE FROM {TABLE} WHERE number = %s", entries[-3].number)
    broken = verify()
    assert (broken.number, broken.what) == (entries[-3].number, "missing")


def test_m72_a_cut_off_end_is_found(entries: list[Entry]) -> None:
    sql(f"DELETE FROM {TABLE} WHERE number > %s", entries[-3].number)
    broken = verify()
    assert (broken.number, broken.what) == (entries[-2].number, "head")


def test_m72_a_deleted_first_entry_is_found(entries: list[Entry]) -> None:
    sql(f"DELETE FROM {TABLE} WHERE number = 1")
    assert (verify().number, verify().what) == (1, "missing")


def test_m72_an_inserted_entry_is_found(entries: list[Entry]) -> None:
    """Room is made by moving the later entries up, and a copy is put in between."""
    middle = entries[-3].number
    for entry in reversed(entries[-2:]):
        sql(f"UPDATE {TABLE} SET number = number + 1 WHERE number = %s", entry.number)
    columns = ", ".join(name for name in [*SEALED_FIELDS, "hash"] if name != "number")
    sql(
        f"INSERT INTO {TABLE} (number, {columns}) SELECT %s, {columns} FROM {TABLE} "
        "WHERE number = %s",
        middle + 1,
        middle,
    )
    assert (verify().number, verify().what) == (middle + 1, "relinked")


def test_m72_two_exchanged_entries_are_found(entries: list[Entry]) -> None:
    first, second = entries[-3].number, entries[-2].number
    for old, new in ((first, 0), (second, first), (0, second)):
        sql(f"UPDATE {TABLE} SET number = %s WHERE number = %s", new, old)
    assert (verify().number, verify().what) == (first, "relinked")


def test_m72_a_head_set_back_is_found(entries: list[Entry]) -> None:
    ChainHead.objects.update(number=entries[-3].number, hash=entries[-3].hash)
    assert verify().what == "head"


def test_a_chain_rewritten_as_a_whole_is_found_by_the_anchor(entries: list[Entry]) -> None:
    """Whoever recomputes every hash produces a chain that holds, but not the noted anchor."""
    noted = f"{entries[-1].number}:{entries[-1].hash}"
    call_command("audit_verify", anchor=noted, stdout=StringIO())
    call_command("audit_verify", anchor=f" {noted.upper()}\n", stdout=StringIO())
    rewrite_without(entries[-2])
    assert verify() is None
    with pytest.raises(CommandError, match="不符"):
        call_command("audit_verify", anchor=noted, stdout=StringIO())


def rewrite_without(left_out: Entry) -> None:
    kept = list(Entry.objects.exclude(pk=left_out.pk).order_by("number"))
    sql(f"DELETE FROM {TABLE}")
    ChainHead.objects.all().delete()
    for entry in kept:
        with transaction.atomic():
            record(action=entry.action, by=None, changes=entry.changes, reason=entry.reason)


def test_the_command_says_where_the_chain_breaks(entries: list[Entry]) -> None:
    out = StringIO()
    call_command("audit_verify", stdout=out)
    assert f"共 {len(entries)} 条" in out.getvalue()
    assert entries[-1].hash in out.getvalue()
    sql(f"UPDATE {TABLE} SET reason = 'x' WHERE number = %s", entries[-2].number)
    with pytest.raises(CommandError, match=f"第 {entries[-2].number} 条"):
        call_command("audit_verify", stdout=StringIO())


@pytest.mark.parametrize("anchor", ["abc", "12", "x:y", "1:", "1:9f2c", f"{10**30}:{'0' * 64}"])
def test_an_unreadable_anchor_is_refused(entries: list[Entry], anchor: str) -> None:
    with pytest.raises(CommandError, match="序号：指纹"):
        call_command("audit_verify", anchor=anchor, stdout=StringIO())


def test_entries_are_never_updated_or_deleted_by_our_own_code(entries: list[Entry]) -> None:
    entry = entries[-1]
    entry.reason = "改写"
    for attempt in (
        entry.save,
        entry.delete,
        Entry.objects.all().delete,
        lambda: Entry.objects.update(reason="改写"),
    ):
        with pytest.raises(AppendOnlyError):
            attempt()
    assert verify() is None


def test_an_entry_falls_with_the_change_it_describes(entries: list[Entry]) -> None:
    def fail_after_recording() -> None:
        with transaction.atomic():
            record(action="test.failed", by=None)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail_after_recording()
    assert Entry.objects.count() == len(entries)
    assert verify() is None


@pytest.mark.django_db(transaction=True)
def test_recording_outside_a_transaction_is_refused() -> None:
    with pytest.raises(RuntimeError, match="transaction"):
        record(action="test.loose", by=None)
