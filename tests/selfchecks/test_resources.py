"""The table of school figures in and out: exact values, all or nothing."""

from decimal import Decimal

import pytest
import tablib

from audit.models import Entry
from audit.refusals import Conflict, NotAllowed, Stale, Unusable
from districts.models import School, User
from districts.tables import TableResult
from figures.table import SCHOOL_FIELD, SCHOOL_FIELDS
from selfchecks.admin.records import look_at, values_of
from selfchecks.models import SchoolRecord, SelfCheck
from selfchecks.resources import SchoolRecordResource
from selfchecks.services.corrections import correct
from selfchecks.services.steps import take_step
from tests.selfchecks.conftest import keep_clean
from workbooks.writer import write_csv


@pytest.fixture
def table(self_check: SelfCheck, chen_officer: User) -> tablib.Dataset:
    keep_clean(self_check, chen_officer)
    return SchoolRecordResource(chen_officer, self_check).export()


def header(code: str) -> str:
    return f"{SCHOOL_FIELD[code].label} {code}"


def change(table: tablib.Dataset, row: int, column: str, value: object) -> tablib.Dataset:
    rows = [dict(line) for line in table.dict]
    rows[row][header(column)] = value
    changed = tablib.Dataset(headers=table.headers)
    for line in rows:
        changed.append([line[name] for name in table.headers])
    return changed


def look(table: tablib.Dataset, self_check: SelfCheck, by: User) -> TableResult:
    content = write_csv([table.headers, *table])
    return look_at(self_check, SchoolRecordResource(by).read(content, "表.csv"), by)


def keep(table: tablib.Dataset, self_check: SelfCheck, by: User) -> None:
    found = look(table, self_check, by)
    assert not found.problems
    correct(self_check=self_check, values=values_of(found), reason="学校来函", by=by)


def test_the_columns_are_those_of_the_workbook(table: tablib.Dataset) -> None:
    assert table.headers == ["年度", "区县", *(header(raw.code) for raw in SCHOOL_FIELDS)]
    assert table.height == 3
    assert table[header("teaching_area")][0] == Decimal("2604.5")
    assert table[header("music_rooms")][0] == 1


@pytest.mark.parametrize("name", ["code", "label"])
def test_a_column_is_known_by_code_or_label_alone(
    name: str, table: tablib.Dataset, self_check: SelfCheck, chen_officer: User
) -> None:
    table.headers = ["年度", "区县", *(getattr(raw, name) for raw in SCHOOL_FIELDS)]
    assert look(table, self_check, chen_officer).totals["skip"] == 3


def test_what_goes_out_comes_back_unchanged(
    table: tablib.Dataset, self_check: SelfCheck, chen_officer: User
) -> None:
    before = list(SchoolRecord.objects.values_list())
    found = look(table, self_check, chen_officer)
    assert (found.changes, found.problems, found.totals["skip"]) == ([], [], 3)
    assert list(SchoolRecord.objects.values_list()) == before


def test_a_corrected_figure_is_exact_and_audited(
    table: tablib.Dataset, self_check: SelfCheck, wu_manager: User
) -> None:
    keep(change(table, 0, "equipment_value", "95.1234"), self_check, wu_manager)
    row = SchoolRecord.objects.order_by("school_code").first()
    assert row.equipment_value == Decimal("95.1234")
    assert Entry.objects.order_by("number").last().action == "records.import"


def test_who_read_the_figures_before_an_import_is_told(
    table: tablib.Dataset, self_check: SelfCheck, chen_officer: User, wu_manager: User
) -> None:
    self_check.refresh_from_db()
    seen = self_check.version
    look(change(table, 0, "music_rooms", 2), self_check, wu_manager)
    self_check.refresh_from_db()
    assert self_check.version == seen  # looking changes nothing
    keep(change(table, 0, "music_rooms", 2), self_check, wu_manager)
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
    found = look(change(good, 2, "teachers", value), self_check, chen_officer)
    (problem,) = found.problems
    assert (problem.row, problem.column, problem.found) == (4, header("teachers"), str(value))


def test_a_figure_nobody_asks_of_this_school_says_of_which_stage(
    table: tablib.Dataset, self_check: SelfCheck, chen_officer: User
) -> None:
    found = look(change(table, 0, "pupils_junior", "12"), self_check, chen_officer)
    assert found.problems[0].sentence == "小学没有初中学段，不应填写初中在校生数；留空。"


def test_what_does_not_apply_is_a_word_and_comes_back(
    table: tablib.Dataset, self_check: SelfCheck, chen_officer: User
) -> None:
    changed = change(table, 0, "intake_primary", "不适用")
    changed = change(changed, 0, "nearby_intake_primary", "不适用")
    keep(changed, self_check, chen_officer)
    row = SchoolRecord.objects.order_by("school_code").first()
    assert row.intake_primary is None
    assert sorted(row.not_applicable) == ["intake_primary", "nearby_intake_primary"]
    again = SchoolRecordResource(chen_officer, self_check).export()
    assert look(again, self_check, chen_officer).totals["skip"] == 3


def test_a_duplicate_or_unknown_school_is_refused(
    table: tablib.Dataset, self_check: SelfCheck, schools: list[School], chen_officer: User
) -> None:
    for code in (schools[1].code, "9999999999"):
        found = look(change(table, 0, "school_code", code), self_check, chen_officer)
        assert {problem.column for problem in found.problems} >= {header("school_code")}
    assert SchoolRecord.objects.count() == 3


def test_a_school_keeps_its_name(
    table: tablib.Dataset, self_check: SelfCheck, chen_officer: User
) -> None:
    found = look(change(table, 0, "school_name", "别的学校"), self_check, chen_officer)
    assert [problem.column for problem in found.problems] == [header("school_name")]


def test_a_submitted_self_check_takes_no_table(
    table: tablib.Dataset, self_check: SelfCheck, reach, chen_officer: User
) -> None:
    reach("submitted")
    self_check.refresh_from_db()
    with pytest.raises(Conflict, match="已报送"):
        look(change(table, 0, "music_rooms", 2), self_check, chen_officer)


def test_an_inspector_corrects_nothing_and_a_reason_is_needed(
    self_check: SelfCheck, table: tablib.Dataset, zhou_inspector: User, wu_manager: User
) -> None:
    code = table[header("school_code")][0]
    given = {"self_check": self_check, "values": {(code, "music_rooms"): "2"}}
    with pytest.raises(NotAllowed):
        correct(**given, reason="学校来函", by=zhou_inspector)
    with pytest.raises(Unusable):
        correct(**given, reason=" ", by=wu_manager)
    assert self_check.uploads.count() == 1
