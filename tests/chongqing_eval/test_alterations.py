"""Whoever changes the record behind the portal's back is noticed, and what they changed is named.

``docs/alterations.md`` says which kinds there are. Rows are altered as somebody with the database's
password would: past every service. ``--alterations 1000`` draws a thousand of them.
"""

import random
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import partial
from itertools import cycle
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import Error, models, transaction

from audit.models import ChainHead, Entry
from audit.seals import Sealed, sealed_tables
from audit.services import verify
from audit.verification import Difference, differences_of_rows, fault_of_file, fault_of_row
from districts.models import User
from indicators.models import Standard, Threshold
from schedule.models import CertificationEvent, PlannedCertification
from selfchecks.models import (
    Deadline,
    DistrictRecord,
    Evaluation,
    EvidenceItem,
    ReviewComment,
    SchoolRecord,
    SelfCheck,
    UnitResult,
    Upload,
)
from tests.chongqing_eval import year

TABLE = Path(settings.BASE_DIR / "docs" / "alterations.md").read_text(encoding="utf-8")
AT_ONCE = 25  # rows altered before one verification
OF_THE_CHAIN = (Entry, ChainHead)
FIELDS = {
    Evaluation: ("verdict", "unknown"),
    UnitResult: ("verdict", "not_met"),
    SchoolRecord: ("teaching_area", 999),
    DistrictRecord: ("value", 999),
    ReviewComment: ("text", "没有问题"),
    SelfCheck: ("state", "submitted"),
    CertificationEvent: ("date", date(2020, 1, 1)),
    PlannedCertification: ("year", 2030),
    Threshold: ("value", 999),
    Standard: ("floor_ratio", Decimal("0.5")),
    Deadline: ("due_on", date(2030, 1, 1)),
    User: ("role", "signatory"),
}


@pytest.fixture(scope="module", autouse=True)
def played(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """The year once for all tests of this file; it is gone after them."""
    with django_db_blocker.unblock(), transaction.atomic():
        year.play()
        yield
        transaction.set_rollback(True)


pytestmark = pytest.mark.usefixtures("db")


def raw(model: type[models.Model]) -> "models.QuerySet[Any, Any]":
    """Rows as SQL reaches them: neither services nor seals hear of it."""
    return model._base_manager.order_by("pk")


def found() -> dict[tuple[type[models.Model], str], Difference]:
    return {(each.model, each.key): each for each in differences_of_rows()}


def test_a_year_through_the_services_leaves_every_row_sealed() -> None:
    assert [str(difference) for difference in differences_of_rows()] == []
    assert verify() is None
    assert not [label for label, model in sealed_tables().items() if not raw(model).exists()]


def test_every_table_and_column_is_sealed_or_listed_with_a_reason() -> None:
    listed = {name for name, why in re.findall(r"^\| `([\w.]+)` \| (.{10,}) \|$", TABLE, re.M)}
    every = {model._meta.label_lower: model for model in apps.get_models(include_auto_created=True)}
    open_ones = {label for label, model in every.items() if not issubclass(model, Sealed)}
    open_ones -= {model._meta.label_lower for model in OF_THE_CHAIN}
    open_ones |= {
        f"{label}.{name}" for label, model in sealed_tables().items() for name in model.unsealed
    }
    proxies = {label for label, model in every.items() if model._meta.proxy}
    assert listed - {"audit.chainhead.verified_at"} == open_ones - proxies


@pytest.mark.parametrize("model", FIELDS, ids=lambda model: model._meta.model_name)
def test_an_altered_value_is_named_with_its_column(model: type[models.Model]) -> None:
    name, value = FIELDS[model]
    row = raw(model).exclude(**{name: value}).last()
    raw(model).filter(pk=row.pk).update(**{name: value})
    (difference,) = differences_of_rows()
    assert (difference.model, difference.key, difference.what) == (model, str(row.pk), "changed")
    assert difference.columns == (name,)
    assert fault_of_row(row) == difference
    with pytest.raises(CommandError, match="有 1 处与审计记录不符"):
        call_command("audit_verify")


@pytest.mark.parametrize("model", [Upload, EvidenceItem])
def test_a_swapped_file_is_named(model: Any) -> None:
    row = raw(model).last()
    before = Path(row.file.path).read_bytes()
    try:
        Path(row.file.path).write_bytes(before + b" ")
        assert [(each.key, each.what) for each in differences_of_rows()] == [(str(row.pk), "file")]
        Path(row.file.path).unlink()
        assert fault_of_file(row).what == "no_file"
    finally:
        Path(row.file.path).write_bytes(before)
    assert fault_of_file(row) is None


def test_a_file_swapped_together_with_its_hash_is_named() -> None:
    """Who changes the row as well is told by the row's seal."""
    first, second = raw(Upload)[:2]
    raw(Upload).filter(pk=first.pk).update(file=second.file.name, sha256=second.sha256)
    (difference,) = differences_of_rows()
    assert set(difference.columns) == {"file", "sha256"}


def test_a_deleted_row_and_one_put_in_are_named() -> None:
    row = raw(ReviewComment).last()
    row.pk, row.text = None, "补写的意见"
    raw(ReviewComment).bulk_create([row])
    gone = raw(Deadline).last()
    raw(Deadline).filter(pk=gone.pk)._raw_delete("default")
    assert {key: each.what for key, each in found().items()} == {
        (ReviewComment, str(row.pk)): "unrecorded",
        (Deadline, str(gone.pk)): "gone",
    }


@pytest.mark.parametrize("is_head_set_back", [False, True])
def test_a_truncated_chain_is_noticed(is_head_set_back: bool) -> None:
    """The head's own seal needs the key: whoever sets it back cannot sign it."""
    last = Entry.objects.order_by("-number")[3]
    raw(Entry).filter(number__gt=last.number)._raw_delete("default")
    if is_head_set_back:
        raw(ChainHead).update(number=last.number, hash=last.hash)
    broken = verify()
    assert broken is not None
    assert (broken.number, broken.what) == (last.number + 1, "head")


def other_value(field: Any, value: Any, luck: random.Random) -> Any:
    """Something else that the column can hold."""
    if field.null and value is not None and luck.random() < 0.2:
        return None
    if field.choices and not isinstance(field, models.BooleanField):
        return luck.choice([code for code, _label in field.flatchoices if code != value])
    if isinstance(field, models.BooleanField):
        return not value
    if isinstance(field, models.JSONField):
        return [*value, "x"] if isinstance(value, list) else {**(value or {}), "x": luck.random()}
    if isinstance(field, models.DecimalField):
        return (value or 0) + Decimal(1).scaleb(-field.decimal_places)
    if isinstance(field, models.DateField):  # a moment as well
        return value + timedelta(days=1) if value else _now(field)
    if isinstance(field, models.CharField | models.TextField | models.FileField):
        text = str(value)
        return f"{text[:-1]}{'y' if text[-1:] == 'x' else 'x'}"
    return (value or 0) + 1


def _now(field: Any) -> Any:
    moment = datetime.fromisoformat("2026-01-02T03:04:05+08:00")
    return moment if isinstance(field, models.DateTimeField) else moment.date()


def columns() -> list[tuple[type[models.Model], Any]]:
    """Every column under seal; keys are altered by deleting and putting in."""
    return [
        (model, field)
        for model in sealed_tables().values()
        for field in model._meta.concrete_fields
        if not field.primary_key and field.name not in model.unsealed
    ]


def alter(model: type[models.Model], field: Any, key: Any, luck: random.Random) -> bool:
    """Whether the database let it happen; it keeps some rules of its own."""
    row = raw(model).get(pk=key)
    value = other_value(field, getattr(row, field.attname), luck)
    try:
        with transaction.atomic():
            raw(model).filter(pk=key).update(**{field.attname: value})
    except Error:
        return False
    return bool(raw(model).filter(pk=key).values_list(field.attname)[0][0] == value)


def draw(luck: random.Random) -> Iterator[list[tuple[Any, Any, Any]]]:
    """Batches of alterations of different rows: every column comes round, then again."""
    every = columns()
    luck.shuffle(every)
    keys = {model: list(raw(model).values_list("pk", flat=True)) for model, _field in every}
    batch: dict[tuple[Any, Any], Any] = {}
    for model, field in cycle(every):
        key = luck.choice(keys[model])
        if (model, key) in batch or len(batch) == AT_ONCE:
            yield [(*row, column) for row, column in batch.items()]
            batch = {}
        batch[model, key] = field


def test_random_alterations_of_every_column_are_named(request: pytest.FixtureRequest) -> None:
    """Values, deleted rows and in each batch one swapped file; each is named by table and key."""
    many, luck = request.config.getoption("--alterations"), random.Random(72)
    done = named = 0
    kept = [*raw(Upload), *raw(EvidenceItem)]
    for batch in draw(luck):
        sure, is_deletion = transaction.savepoint(), luck.random() < 0.2
        made = {
            (model, str(key)): field.attname
            for model, key, field in batch
            if (is_deletion and remove(raw(model).filter(pk=key))) or alter(model, field, key, luck)
        }
        with swapped(luck.choice(kept)) as row:
            seen = found()
        transaction.savepoint_rollback(sure)
        assert not {*made, (type(row), str(row.pk))} - seen.keys()
        done += len(made) + 1
        named += sum(
            seen[row].what != "changed" or column in seen[row].columns
            for row, column in made.items()
        )
        if done >= many:
            break
    assert named > 0.9 * done  # two signs for a column: now and then two columns share them


def remove(rows: Any) -> bool:
    rows._raw_delete("default")
    return True


@contextmanager
def swapped(row: Any) -> Iterator[Any]:
    path = Path(row.file.path)
    before = path.read_bytes()
    path.write_bytes(before[:-1])
    yield row
    path.write_bytes(before)


def test_random_alterations_of_the_chain_are_noticed(request: pytest.FixtureRequest) -> None:
    many, luck = request.config.getoption("--alterations") // 10, random.Random(73)
    fields = [field for field in Entry._meta.concrete_fields if not field.primary_key]
    numbers = list(raw(Entry).values_list("number", flat=True))
    done = 0
    while done < many:
        sure, number = transaction.savepoint(), luck.choice(numbers)
        (entry,) = raw(Entry).filter(number=number)
        kinds: list[Callable[[], bool]] = [
            partial(remove, raw(Entry).filter(number=number)),
            partial(remove, raw(Entry).filter(number__gte=number)),
            *(partial(alter, Entry, luck.choice(fields), entry.pk, luck) for _ in range(4)),
        ]
        is_done = luck.choice(kinds)()
        broken = verify()
        transaction.savepoint_rollback(sure)
        assert broken is not None or not is_done
        done += is_done
