"""Workbooks come in whole or not at all, and every stored value knows its cell."""

import io
from decimal import Decimal

import openpyxl
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from audit.models import Entry
from audit.refusals import Conflict, Stale
from districts.models import School, User
from selfchecks import files
from selfchecks.models import DistrictRecord, SchoolRecord, SelfCheck, Upload
from selfchecks.services import reported, uploads
from selfchecks.services.checking import last_year_of, preview
from selfchecks.workbook.reading import DISTRICT, QUALITATIVE, SCHOOLS
from tests.selfchecks.conftest import keep_clean, register
from tests.selfchecks.workbook_files import workbook


def send(self_check: SelfCheck, content: bytes, by: User, name: str = "自查.xlsx") -> Upload:
    return uploads.keep(self_check=self_check, content=content, name=name, by=by).upload


def test_a_clean_workbook_has_nothing_to_say(self_check: SelfCheck) -> None:
    seen = preview(self_check=self_check, content=workbook(self_check), name="自查.xlsx")
    assert [row["text"] for row in seen.findings] == []
    assert seen.outcome is not None
    assert seen.outcome.verdict == "met"
    assert seen.is_first


def test_preview_writes_nothing(self_check: SelfCheck) -> None:
    content = workbook(self_check)
    with CaptureQueriesContext(
        connection,
    ) as queries:
        preview(self_check=self_check, content=content, name="自查.xlsx")
    assert {query["sql"].split()[0] for query in queries.captured_queries} == {"SELECT"}
    assert not Upload.objects.exists()


def test_every_stored_value_knows_its_cell(
    self_check: SelfCheck, schools: list[School], chen_officer: User
) -> None:
    upload = send(self_check, workbook(self_check), chen_officer)
    row = SchoolRecord.objects.get(school_code=schools[0].code)
    # Row 4 is the first school; pupils of the place-th school are 400 + row % 7.
    assert (row.pupils_primary, row.teaching_area) == (404, Decimal("2604.50"))
    assert (row.sheet, row.cells["pupils_primary"]) == (SCHOOLS.name, "F4")
    assert (row.upload, row.school) == (upload, schools[0])
    assert row.pupils_junior is None
    item = DistrictRecord.objects.get(item="B8.teacher_pay")
    assert (item.value, item.state, item.sheet) == (
        Decimal("121000.5000"),
        "reported",
        DISTRICT.name,
    )
    assert item.cell.startswith("D")


def test_missing_zero_and_not_applicable_are_three_things(
    self_check: SelfCheck, schools: list[School], chen_officer: User
) -> None:
    code = schools[0].code
    changes = {
        (code, "backbone_teachers_primary"): 0,
        (code, "music_rooms"): None,
        (code, "nearby_intake_primary"): "不适用",
        (code, "intake_primary"): "不适用",
    }
    send(self_check, workbook(self_check, changes), chen_officer)
    row = SchoolRecord.objects.get(school_code=code)
    assert row.backbone_teachers_primary == 0
    assert row.music_rooms is None
    assert row.intake_primary is None
    assert row.not_applicable == ["nearby_intake_primary", "intake_primary"]
    again = reported.from_records(self_check).payload()["schools"][0]
    assert again["nearby_intake_primary"] == "不适用"
    assert "music_rooms" not in again


def test_m69_the_same_file_again_changes_nothing(self_check: SelfCheck, chen_officer: User) -> None:
    content = workbook(self_check)
    first = send(self_check, content, chen_officer)
    entries = Entry.objects.count()
    again = uploads.keep(
        self_check=self_check, content=content, name="另一个名字.xlsx", by=chen_officer
    )
    assert again.is_unchanged
    assert again.upload == first
    assert (Upload.objects.count(), Entry.objects.count()) == (1, entries)


def test_m68_an_error_in_the_last_row_keeps_everything_out(
    self_check: SelfCheck, schools: list[School], chen_officer: User
) -> None:
    content = workbook(self_check, {(schools[2].code, "teachers"): "约60"})
    with pytest.raises(uploads.HasErrors) as refused:
        send(self_check, content, chen_officer)
    upload = refused.value.upload
    assert not SchoolRecord.objects.exists()
    assert (upload.status, upload.is_current, upload.error_count) == ("refused", False, 1)
    assert [(row["cell"], row["level"]) for row in upload.findings] == [("Z6", "error")]
    assert files.content_of(upload) == content


def test_a_refused_file_stays_on_record_and_the_next_is_version_two(
    self_check: SelfCheck, schools: list[School], chen_officer: User
) -> None:
    wrong = workbook(self_check, {(schools[0].code, "teachers"): "见备注"})
    for _round in range(2):
        with pytest.raises(uploads.HasErrors):
            send(self_check, wrong, chen_officer)
    right = send(self_check, workbook(self_check), chen_officer)
    assert [row.number for row in Upload.objects.order_by("number")] == [1, 2]
    assert (right.number, right.is_current) == (2, True)


def test_a_new_version_replaces_only_what_changed(
    self_check: SelfCheck, schools: list[School], chen_officer: User
) -> None:
    first = keep_clean(self_check, chen_officer)
    keys = set(SchoolRecord.objects.values_list("pk", flat=True))
    changes = {(schools[1].code, "backbone_teachers_junior"): 6}
    second = send(self_check, workbook(self_check, changes), chen_officer)
    assert set(SchoolRecord.objects.values_list("pk", flat=True)) == keys
    assert second.changes["count"] == 1
    assert second.changes["items"][0] | {"part": ""} == {
        "part": "",
        "key": schools[1].code,
        "name": schools[1].name,
        "column": "backbone_teachers_junior",
        "label": "初中县级以上骨干教师数",
        "before": "5",
        "after": "6",
    }
    first.refresh_from_db()
    assert (first.is_current, second.is_current) == (False, True)


def test_a_school_left_out_loses_its_row_and_asks_for_a_reason(
    self_check: SelfCheck, schools: list[School], chen_officer: User
) -> None:
    keep_clean(self_check, chen_officer)
    gone = schools[1].code
    upload = send(self_check, workbook(self_check, drop=(gone,)), chen_officer)
    assert upload.changes["removed"] == [gone]
    assert not SchoolRecord.objects.filter(school_code=gone).exists()
    assert [row["code"] for row in upload.unexplained()] == ["missing_school"]


def test_a_file_with_one_sheet_leaves_the_others_alone(
    self_check: SelfCheck, chen_officer: User
) -> None:
    first = keep_clean(self_check, chen_officer)
    content = workbook(self_check, district={"C2.enrolled": 40}, sheets=(DISTRICT.name,))
    second = send(self_check, content, chen_officer)
    assert set(SchoolRecord.objects.values_list("upload", flat=True)) == {first.pk}
    assert set(DistrictRecord.objects.values_list("upload", flat=True)) == {second.pk}
    assert DistrictRecord.objects.get(item="C2.enrolled").value == 40
    assert second.changes["count"] == 1


def test_holding_then_confirming_is_the_same_path(
    self_check: SelfCheck, chen_officer: User
) -> None:
    content = workbook(self_check)
    held = uploads.receive(
        self_check=self_check, content=content, name="自查.xlsx", by=chen_officer
    ).upload
    assert (held.status, SchoolRecord.objects.count()) == ("held", 0)
    kept = uploads.confirm(upload=held, by=chen_officer)
    assert (kept.upload.status, SchoolRecord.objects.count()) == ("kept", 3)
    twice = uploads.confirm(upload=kept.upload, by=chen_officer)
    assert twice.is_unchanged
    assert Upload.objects.count() == 1


def test_confirming_what_no_longer_checks_the_same_is_refused(
    self_check: SelfCheck, schools: list[School], chen_officer: User
) -> None:
    held = uploads.receive(
        self_check=self_check, content=workbook(self_check), name="自查.xlsx", by=chen_officer
    ).upload
    schools[0].name = "改了名的学校"
    schools[0].save()
    with pytest.raises(Stale):
        uploads.confirm(upload=held, by=chen_officer)
    assert not SchoolRecord.objects.exists()


def test_an_older_version_is_not_confirmed_again(
    self_check: SelfCheck, schools: list[School], chen_officer: User
) -> None:
    first = keep_clean(self_check, chen_officer)
    changes = {(schools[1].code, "backbone_teachers_junior"): 6}
    send(self_check, workbook(self_check, changes), chen_officer)
    first.refresh_from_db()
    with pytest.raises(Conflict, match="取代"):
        uploads.confirm(upload=first, by=chen_officer)


def test_what_only_the_calculation_notices_is_a_finding_at_its_cell(
    self_check: SelfCheck, schools: list[School], chen_officer: User
) -> None:
    code = schools[0].code
    changes = {(code, "pupils_primary"): 0, (code, "intake_primary"): 0}
    changes |= {(code, "nearby_intake_primary"): 0, (code, "largest_class_primary"): 0}
    with pytest.raises(uploads.HasErrors) as refused:
        send(self_check, workbook(self_check, changes), chen_officer)
    found = [row for row in refused.value.upload.findings if row["code"] == "contradiction"]
    assert "M4" in {row["cell"] for row in found}
    assert all(row["level"] == "error" for row in found)
    assert {row["about"] for row in found} == {schools[0].name}


def test_last_year_is_the_approved_snapshot(reach, self_check: SelfCheck) -> None:
    reach("approved")
    stored = reported.from_records(self_check)
    next_year = SelfCheck(district=self_check.district, year=2027)
    assert last_year_of(next_year).schools == stored.schools
    assert last_year_of(next_year).district == {
        item: value for item, value in stored.district.items() if value is not None
    }


def test_writing_asks_as_many_queries_for_many_schools_as_for_few(
    self_check: SelfCheck, chen_officer: User
) -> None:
    def queries(content: bytes) -> int:
        with CaptureQueriesContext(connection) as captured:
            send(self_check, content, chen_officer)
        return len(captured)

    few = queries(workbook(self_check))
    register(self_check.district, ("小学",) * 17, start=4)
    many = queries(workbook(self_check))
    # 20 schools still fit one statement; the second time there is a version before.
    assert many <= few + 2


def test_a_grade_of_c6_is_kept_and_judged(self_check: SelfCheck, chen_officer: User) -> None:
    book = openpyxl.load_workbook(io.BytesIO(workbook(self_check)))
    row = 4 + QUALITATIVE.lines.index("C6")
    book[QUALITATIVE.name].cell(row, 3).value = "良好"
    out = io.BytesIO()
    book.save(out)
    upload = send(self_check, out.getvalue(), chen_officer)
    assert self_check.qualitative_answers.get(indicator="C6").conclusion == "良好"
    seen = preview(self_check=self_check, content=files.content_of(upload), name="自查.xlsx")
    assert seen.outcome is not None
    assert seen.outcome.indicators["C6"].verdict == "met"
