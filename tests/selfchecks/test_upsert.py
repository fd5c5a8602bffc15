"""Many rows in few statements: new ones come in, known ones change, all others stay."""

from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from districts.models import School, User
from selfchecks.models import DistrictRecord, SchoolRecord, SelfCheck, Upload
from selfchecks.services.writing import update, upsert
from tests.selfchecks.conftest import keep_clean

KEY = ("self_check_id", "item")


@pytest.fixture
def upload(self_check: SelfCheck, chen_officer: User) -> Upload:
    """A version that is kept; its district figures are cleared away."""
    kept = keep_clean(self_check, chen_officer)
    DistrictRecord.objects.all().delete()
    return kept


def line(upload: Upload, item: str, value: Decimal | None, **more: Any) -> dict[str, Any]:
    state = "missing" if value is None else "reported"
    owner = {"self_check_id": upload.self_check_id, "upload_id": upload.pk}
    return {**owner, "item": item, "value": value, "state": state, "sheet": "", "cell": "", **more}


def stored() -> dict[str, Decimal | None]:
    return dict(DistrictRecord.objects.values_list("item", "value"))


def test_known_rows_change_new_ones_come_and_others_stay(upload: Upload) -> None:
    upsert(DistrictRecord, [line(upload, item, Decimal(5)) for item in ("C1", "C2")], KEY)
    before = DistrictRecord.objects.get(item="C2").pk
    rows = [line(upload, "C2", Decimal("7.25"), cell="D8"), line(upload, "C3", None)]
    upsert(DistrictRecord, rows, KEY)
    assert stored() == {"C1": Decimal(5), "C2": Decimal("7.25"), "C3": None}
    changed = DistrictRecord.objects.get(item="C2")
    assert (changed.pk, changed.cell, changed.state) == (before, "D8", "reported")


def test_nothing_is_nothing() -> None:
    upsert(DistrictRecord, [], KEY)


def test_the_order_of_the_names_in_a_row_does_not_matter(upload: Upload) -> None:
    first, second = line(upload, "C1", Decimal(1)), line(upload, "C2", Decimal(2))
    upsert(DistrictRecord, [first, dict(reversed(second.items()))], KEY)
    assert stored() == {"C1": Decimal(1), "C2": Decimal(2)}


def test_a_thousand_rows_take_a_handful_of_statements(upload: Upload) -> None:
    rows = [line(upload, f"C{place}", Decimal(place)) for place in range(1000)]
    with CaptureQueriesContext(connection) as queries:
        upsert(DistrictRecord, rows, KEY)
    assert stored() == {f"C{place}": Decimal(place) for place in range(1000)}
    assert len(queries) <= 10  # SQLite takes 999 values at a time


def test_what_the_database_forbids_keeps_the_whole_batch_out(upload: Upload) -> None:
    rows = [line(upload, "C1", Decimal(1)), line(upload, "C2", Decimal(-1))]
    with pytest.raises(IntegrityError), transaction.atomic():
        upsert(DistrictRecord, rows, KEY)
    assert stored() == {}


def test_lists_and_names_of_cells_are_stored_as_json(upload: Upload, schools: list[School]) -> None:
    known = SchoolRecord.objects.filter(school_code=schools[0].code).values().get()
    odd = {"not_applicable": ["music_rooms", "音乐"], "cells": {"teachers": "K4", '"': "'"}}
    row = {name: value for name, value in known.items() if name != "id"}
    upsert(SchoolRecord, [{**row, **odd}], ("self_check_id", "school_code"))
    assert SchoolRecord.objects.filter(school_code=schools[0].code).values().get() == known | odd


@pytest.mark.parametrize("text", ["%s", "%(a)s", "100%", "'; --", '"', "\\", "重庆 %d", "{}", "?"])
def test_text_is_never_taken_for_a_statement(upload: Upload, text: str) -> None:
    upsert(DistrictRecord, [line(upload, "C1", None, sheet=text)], KEY)
    assert DistrictRecord.objects.get(item="C1").sheet == text


def test_an_update_gives_each_row_its_own_and_leaves_the_rest(upload: Upload) -> None:
    upsert(DistrictRecord, [line(upload, f"C{place}", Decimal(place)) for place in range(4)], KEY)
    first, second, *_others = DistrictRecord.objects.order_by("item")
    told = [(first, None, "missing"), (second, Decimal("8.5"), "reported")]
    with CaptureQueriesContext(connection) as queries:
        update(
            DistrictRecord,
            [{"id": row.pk, "value": value, "state": state} for row, value, state in told],
        )
        update(DistrictRecord, [])
    assert stored() == {"C0": None, "C1": Decimal("8.5"), "C2": Decimal(2), "C3": Decimal(3)}
    assert DistrictRecord.objects.get(item="C0").state == "missing"
    assert len(queries) == 1
