"""The table of school figures in and out: exact values, all or nothing."""

from decimal import Decimal

import pytest
import tablib

from audit.models import Entry
from audit.refusals import Stale
from districts.models import School, User
from indicators.raw_fields import SCHOOL_FIELDS
from selfchecks.models import SchoolRecord, SelfCheck
from selfchecks.resources import SchoolRecordResource
from selfchecks.services.steps import take_step
from tests.selfchecks.conftest import keep_clean


@pytest.fixture
def table(self_check: SelfCheck, chen_officer: User) -> tablib.Dataset:
    keep_clean(self_check, chen_officer)
    return SchoolRecordResource(self_check, chen_officer).export()


def change(table: tablib.Dataset, row: int, column: str, value: object) -> tablib.Dataset:
    rows = [dict(line) for line in table.dict]
    rows[row][column] = value
    changed = tablib.Dataset(headers=table.headers)
    for line in rows:
        changed.append([line[name] for name in table.headers])
    return changed


def run(table: tablib.Dataset, self_check: SelfCheck, by: User, dry_run: bool = False):
    return SchoolRecordResource(self_check, by).import_data(table, dry_run=dry_run)


def test_the_columns_are_those_of_the_workbook(table: tablib.Dataset) -> None:
    assert table.headers == [raw.code for raw in SCHOOL_FIELDS]
    assert table.height == 3
    assert table["teaching_area"][0] == "2604.5"


def test_what_goes_out_comes_back_unchanged(
    table: tablib.Dataset, self_check: SelfCheck, chen_officer: User
) -> None:
    before = list(SchoolRecord.objects.values_list())
    result = run(table, self_check, chen_officer)
    assert not result.has_errors()
    assert result.totals["skip"] == 3
    assert list(SchoolRecord.objects.values_list()) == before


def test_a_corrected_figure_is_exact_and_audited(
    table: tablib.Dataset, self_check: SelfCheck, chen_officer: User
) -> None:
    run(change(table, 0, "equipment_value", "95.1234"), self_check, chen_officer)
    row = SchoolRecord.objects.order_by("school_code").first()
    assert row.equipment_value == Decimal("95.1234")
    assert Entry.objects.order_by("number").last().action == "records.import"


def test_who_read_the_figures_before_an_import_is_told(
    table: tablib.Dataset, self_check: SelfCheck, chen_officer: User, wu_manager: User
) -> None:
    self_check.refresh_from_db()
    seen = self_check.version
    run(change(table, 0, "music_rooms", 2), self_check, wu_manager, dry_run=True)
    run(table, self_check, wu_manager)
    self_check.refresh_from_db()
    assert self_check.version == seen  # neither looking nor the same figures change anything
    run(change(table, 0, "music_rooms", 2), self_check, wu_manager)
    with pytest.raises(Stale):
        take_step(
            self_check=self_check,
            step="send_for_signature",
            by=chen_officer,
            expected_version=seen,
        )


@pytest.mark.parametrize(
    "value", ["3.7", "-1", "NaN", "inf", "1e3", "٣", "①", "1_000", "约12", "不适用", True]
)
def test_m23_bad_figures_keep_the_whole_table_out(
    value: object, table: tablib.Dataset, self_check: SelfCheck, chen_officer: User
) -> None:
    good = change(table, 0, "music_rooms", 2)
    result = run(change(good, 2, "teachers", value), self_check, chen_officer)
    assert result.has_errors() or result.has_validation_errors()
    assert set(SchoolRecord.objects.values_list("music_rooms", flat=True)) == {1, 2}
    assert SchoolRecord.objects.order_by("school_code").first().music_rooms == 1


def test_looking_changes_nothing(
    table: tablib.Dataset, self_check: SelfCheck, chen_officer: User
) -> None:
    result = run(change(table, 0, "music_rooms", 2), self_check, chen_officer, dry_run=True)
    assert result.totals["update"] == 1
    assert SchoolRecord.objects.order_by("school_code").first().music_rooms == 1


def test_a_duplicate_or_unknown_school_is_refused(
    table: tablib.Dataset, self_check: SelfCheck, schools: list[School], chen_officer: User
) -> None:
    for code in (schools[1].code, "9999999999"):
        result = run(change(table, 0, "school_code", code), self_check, chen_officer)
        assert result.has_errors() or result.has_validation_errors()
    assert SchoolRecord.objects.count() == 3


def test_a_submitted_self_check_takes_no_table(
    table: tablib.Dataset, self_check: SelfCheck, reach, chen_officer: User
) -> None:
    reach("submitted")
    result = run(change(table, 0, "music_rooms", 2), self_check, chen_officer)
    assert "已报送" in str(result.base_errors[0].error)
