"""What may be uploaded, by whom and when, and what a refused file leaves behind."""

import csv
import io

import openpyxl
import pytest
from django.core.files.storage import default_storage

from audit.refusals import Conflict, NotAllowed, Unusable
from districts.models import District, School, User
from districts.roles import Role
from districts.tables import FileRefused
from selfchecks import files
from selfchecks.models import SchoolRecord, SelfCheck, Upload
from selfchecks.services import uploads
from selfchecks.services.checking import preview
from selfchecks.services.findings import BadReasons, explain
from selfchecks.services.opening import open_self_check
from selfchecks.services.steps import take_step
from selfchecks.workbook.reading import SCHOOLS
from tests.selfchecks.conftest import keep_clean
from tests.selfchecks.workbook_files import workbook


def send(self_check: SelfCheck, content: bytes, by: User, name: str = "自查.xlsx") -> Upload:
    return uploads.keep(self_check=self_check, content=content, name=name, by=by).upload


def test_warnings_need_reasons_and_reasons_are_carried_over(
    self_check: SelfCheck, schools: list[School], chen_officer: User
) -> None:
    code = schools[0].code
    first = send(self_check, workbook(self_check, {(code, "music_rooms"): None}), chen_officer)
    warning = first.unexplained()[0]
    assert (warning["code"], warning["cell"]) == ("not_reported", "X4")
    explain(upload=first, reasons={str(warning["id"]): "新校区在建"}, by=chen_officer)
    changes = {(code, "music_rooms"): None, (code, "backbone_teachers_primary"): 7}
    second = send(self_check, workbook(self_check, changes), chen_officer)
    assert second.unexplained() == []
    assert second.reasons == {warning["id"]: "新校区在建"}


def test_reasons_for_what_is_no_warning_are_refused(
    self_check: SelfCheck, chen_officer: User
) -> None:
    upload = keep_clean(self_check, chen_officer)
    with pytest.raises(Unusable, match="没有编号"):
        explain(upload=upload, reasons={"0123456789abcdef": "x"}, by=chen_officer)


@pytest.mark.parametrize("reason", ["ok", ".", "无", "嗯", "好好好好好", "…………", "1 1 1 1"])
def test_a_reason_has_to_say_something(
    reason: str, self_check: SelfCheck, schools: list[School], chen_officer: User
) -> None:
    upload = send(
        self_check, workbook(self_check, {(schools[0].code, "music_rooms"): None}), chen_officer
    )
    warning = str(upload.unexplained()[0]["id"])
    with pytest.raises(BadReasons, match="写得太短") as refused:
        explain(upload=upload, reasons={warning: reason}, by=chen_officer)
    assert list(refused.value.fields) == [warning]
    upload.refresh_from_db()
    assert upload.unexplained()
    for told in ("属实", "new hall", " "):
        explain(upload=upload, reasons={warning: told}, by=chen_officer)


def test_who_has_signed_uploads_no_more_whatever_the_role_is_now(
    reach, self_check: SelfCheck, zhao_signatory: User, chen_officer: User
) -> None:
    reach("submitted")
    take_step(self_check=self_check, step="withdraw", by=zhao_signatory, comment="有误")
    User.objects.filter(pk=zhao_signatory.pk).update(role=Role.OFFICER)
    zhao_signatory.refresh_from_db()
    self_check.refresh_from_db()
    with pytest.raises(NotAllowed, match="您已参与这份自查的审签"):
        send(self_check, workbook(self_check), zhao_signatory)
    assert send(self_check, workbook(self_check), chen_officer)


@pytest.mark.parametrize("state", ["awaiting_signature", "submitted", "in_review", "approved"])
def test_figures_do_not_change_outside_draft_and_returned(
    state: str, self_check: SelfCheck, schools: list[School], reach, chen_officer: User
) -> None:
    changes = {(schools[1].code, "backbone_teachers_junior"): 6}
    content = workbook(self_check, changes)
    held = uploads.receive(
        self_check=self_check, content=content, name="自查.xlsx", by=chen_officer
    ).upload
    reach(state)
    before = list(SchoolRecord.objects.values_list())
    for attempt in (
        lambda: send(self_check, content, chen_officer),
        lambda: uploads.confirm(upload=Upload.objects.get(pk=held.pk), by=chen_officer),
        lambda: explain(upload=held, reasons={}, by=chen_officer),
    ):
        with pytest.raises(Conflict):
            attempt()
    assert list(SchoolRecord.objects.values_list()) == before


def test_only_the_officer_of_the_district_uploads(
    self_check: SelfCheck, zhao_signatory: User, zhou_inspector: User, liu_officer: User
) -> None:
    content = workbook(self_check)
    for person in (zhao_signatory, zhou_inspector, liu_officer):
        with pytest.raises(NotAllowed):
            send(self_check, content, person)
    assert not Upload.objects.exists()


def test_m15_names_of_files_are_ours_and_the_shown_name_is_harmless(
    self_check: SelfCheck, chen_officer: User
) -> None:
    name = "C:\\x\\../../etc/\u202egpj.自查\x00<b>" + "长" * 300 + ".xlsx"
    upload = send(self_check, workbook(self_check), chen_officer, name)
    assert upload.file.name.startswith("selfchecks/uploads/")
    assert len(upload.file.name) == len("selfchecks/uploads/") + 32 + len(".xlsx")
    assert upload.display_name.startswith("gpj.自查<b>长")
    assert upload.display_name.endswith("长.xlsx")
    assert len(upload.display_name) == 120


@pytest.mark.parametrize(
    ("content", "name", "code", "status"),
    [
        (b"", "a.xlsx", "empty", 422),
        (b"%PDF-1.7 something", "a.xlsx", "wrong_type", 422),
        (b"x" * (6 * 1024 * 1024), "a.xlsx", "too_big", 413),
    ],
)
def test_files_that_cannot_be_taken_leave_no_trace(
    content: bytes, name: str, code: str, status: int, self_check: SelfCheck, chen_officer: User
) -> None:
    with pytest.raises(FileRefused) as refused:
        send(self_check, content, chen_officer, name)
    assert (refused.value.code, refused.value.status) == (code, status)
    assert not Upload.objects.exists()


def test_a_template_of_another_year_is_named(
    self_check: SelfCheck, wu_manager: User, chen_officer: User
) -> None:
    other = SelfCheck(district=self_check.district, year=2025, standard=self_check.standard)
    other.fill_from, other.due_on = self_check.fill_from, self_check.due_on
    with pytest.raises(FileRefused) as refused:
        send(self_check, workbook(other), chen_officer)
    assert refused.value.code == "wrong_year"
    assert "2025" in str(refused.value)


def test_without_a_register_nothing_can_be_uploaded(
    reference: None, tongliang: District, wu_manager: User, liu_officer: User, self_check: SelfCheck
) -> None:
    other = open_self_check(district=tongliang, year=2026, by=wu_manager)
    with pytest.raises(Conflict, match="学校名册"):
        send(other, workbook(self_check), liu_officer)


def test_m75_a_failed_write_takes_its_file_away_again(
    self_check: SelfCheck, chen_officer: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Upload, "save", lambda *a, **k: (_ for _ in ()).throw(RuntimeError()))
    before = set(default_storage.listdir(files.UPLOADS)[1])
    with pytest.raises(RuntimeError):
        send(self_check, workbook(self_check), chen_officer)
    assert set(default_storage.listdir(files.UPLOADS)[1]) == before


def test_m19_there_is_a_limit_to_the_files_of_one_self_check(
    self_check: SelfCheck,
    schools: list[School],
    chen_officer: User,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(uploads, "MOST_UPLOADS", 1)
    keep_clean(self_check, chen_officer)
    changes = {(schools[1].code, "backbone_teachers_junior"): 6}
    with pytest.raises(uploads.QuotaReached, match="已上传 1 个文件") as refused:
        send(self_check, workbook(self_check, changes), chen_officer)
    assert refused.value.status == 429


def test_a_refused_version_is_neither_explained_nor_confirmed(
    self_check: SelfCheck, schools: list[School], chen_officer: User
) -> None:
    wrong = workbook(self_check, {(schools[0].code, "teachers"): "约32"})
    with pytest.raises(uploads.HasErrors) as refused:
        send(self_check, wrong, chen_officer)
    upload = refused.value.upload
    with pytest.raises(Conflict, match="没有采用"):
        explain(upload=upload, reasons={}, by=chen_officer)
    with pytest.raises(uploads.HasErrors):
        uploads.confirm(upload=upload, by=chen_officer)


def test_a_reason_too_long_is_refused(
    self_check: SelfCheck, schools: list[School], chen_officer: User
) -> None:
    changes = {(schools[0].code, "music_rooms"): None}
    upload = send(self_check, workbook(self_check, changes), chen_officer)
    (warning,) = upload.unexplained()
    with pytest.raises(Unusable, match="最多 1000 字"):
        explain(upload=upload, reasons={warning["id"]: "长" * 1001}, by=chen_officer)


def as_csv(content: bytes, sheet: str) -> bytes:
    """One sheet of a workbook, saved as Excel in China saves it."""
    rows = openpyxl.load_workbook(io.BytesIO(content))[sheet].iter_rows(values_only=True)
    out = io.StringIO()
    csv.writer(out).writerows(["" if value is None else value for value in row] for row in rows)
    return out.getvalue().encode("gb18030")


def test_one_sheet_as_csv_says_what_was_never_reported(
    self_check: SelfCheck, schools: list[School], chen_officer: User
) -> None:
    alone = as_csv(workbook(self_check), SCHOOLS.name)
    given = {"self_check": self_check, "content": alone, "name": "学校.csv"}
    seen = preview(**given)
    absent = [row for row in seen.findings if row["code"] == "never_reported"]
    assert [row["sheet"] for row in absent] == ["区县数据", "定性指标", "一票否决"]
    assert {row["level"] for row in absent} == {"warning"}
    keep_clean(self_check, chen_officer)
    seen = preview(**given)
    assert not [row for row in seen.findings if row["code"] == "never_reported"]


def test_a_workbook_without_a_sheet_is_told_so_once(self_check: SelfCheck) -> None:
    content = workbook(self_check, sheets=(SCHOOLS.name,))
    seen = preview(self_check=self_check, content=content, name="自查.xlsx")
    codes = [row["code"] for row in seen.findings if row["sheet"] == "区县数据"]
    assert codes == ["sheet_missing"]
