"""Four eyes: whoever prepared does not sign or review, and whoever signed prepares no more."""

from collections.abc import Callable
from importlib import import_module

import pytest
from django.apps import apps
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client

from audit.refusals import NotAllowed
from districts.models import School, User
from districts.roles import Role
from selfchecks.models import Part, SelfCheck
from selfchecks.services import uploads
from selfchecks.services.blockers import played_other_part
from selfchecks.services.evidence import add_evidence, remove_evidence
from selfchecks.services.findings import explain
from selfchecks.services.reviews import Target, answer, comment
from selfchecks.services.steps import take_step
from tests.conftest import person
from tests.selfchecks.conftest import decide, keep_clean
from tests.selfchecks.workbook_files import workbook

PDF = b"%PDF-1.7 plan"


@pytest.fixture
def luo_officer(shapingba) -> User:
    """罗丹: a second officer, who does one thing and becomes a signatory."""
    return person("officer2_500106", "罗丹", Role.OFFICER, shapingba)


@pytest.fixture
def former_signatory(reach, self_check: SelfCheck, zhao_signatory: User) -> User:
    """赵明 signed, the self-check came back, and now she is an officer."""
    reach("returned")
    User.objects.filter(pk=zhao_signatory.pk).update(role=Role.OFFICER)
    zhao_signatory.refresh_from_db()
    return zhao_signatory


def attach(self_check: SelfCheck, by: User, content: bytes = PDF):
    return add_evidence(
        self_check=self_check, indicator="B1", content=content, name="规划.pdf", by=by
    )


def with_warning(self_check: SelfCheck, schools: list[School], by: User):
    content = workbook(self_check, {(schools[0].code, "music_rooms"): None})
    return uploads.keep(self_check=self_check, content=content, name="a.xlsx", by=by).upload


def explain_all(upload, by: User) -> None:
    reasons = {str(row["id"]): "已与学校核实" for row in upload.unexplained()}
    explain(upload=upload, reasons=reasons, by=by)


def confirm(self_check: SelfCheck, chen: User, by: User) -> None:
    given = {"content": workbook(self_check), "name": "自查.xlsx"}
    held = uploads.receive(self_check=self_check, **given, by=chen).upload
    uploads.confirm(upload=held, by=by)


def send_again(self_check: SelfCheck, chen: User, by: User) -> None:
    """The very file somebody else had sent and left: both have prepared."""
    given = {"content": workbook(self_check), "name": "自查.xlsx"}
    uploads.receive(self_check=self_check, **given, by=by)
    uploads.receive(self_check=self_check, **given, by=chen)


def reply(self_check: SelfCheck, chen: User, by: User) -> None:
    asked = comment(self_check=self_check, text="请附名单", by=chen, on=Target("B1"))
    answer(parent=asked, text="已补充", by=by)


PREPARING: dict[str, Callable[[SelfCheck, list[School], User, User], object]] = {
    "upload": lambda check, schools, chen, luo: keep_clean(check, luo),
    "refused upload": lambda check, schools, chen, luo: uploads.receive(
        self_check=check,
        content=workbook(check, {(schools[0].code, "teachers"): "很多"}),
        name="a.xlsx",
        by=luo,
    ),
    "confirm": lambda check, schools, chen, luo: confirm(check, chen, luo),
    "same file": lambda check, schools, chen, luo: send_again(check, chen, luo),
    "explain": lambda check, schools, chen, luo: explain_all(
        with_warning(check, schools, chen), luo
    ),
    "add evidence": lambda check, schools, chen, luo: attach(check, luo),
    "remove evidence": lambda check, schools, chen, luo: remove_evidence(
        item=attach(check, chen), by=luo
    ),
    "answer": lambda check, schools, chen, luo: reply(check, chen, luo),
}


@pytest.mark.parametrize("act", PREPARING)
def test_m42_whoever_prepared_in_any_way_does_not_sign(
    act: str, self_check: SelfCheck, schools: list[School], chen_officer: User, luo_officer: User
) -> None:
    PREPARING[act](self_check, schools, chen_officer, luo_officer)
    User.objects.filter(pk=luo_officer.pk).update(role=Role.SIGNATORY)
    luo_officer.refresh_from_db()
    keep_clean(self_check, chen_officer)
    self_check.refresh_from_db()
    take_step(self_check=self_check, step="send_for_signature", by=chen_officer)
    with pytest.raises(NotAllowed) as refused:
        take_step(self_check=self_check, step="submit", by=luo_officer)
    assert refused.value.code == "four_eyes"
    assert str(refused.value) == "您已参与这份自查的填报，「审签并报送」须由另一人办理。"


def test_a_signatory_who_only_looked_and_remarked_may_sign(
    self_check: SelfCheck, chen_officer: User, zhao_signatory: User
) -> None:
    keep_clean(self_check, chen_officer)
    comment(self_check=self_check, text="请再核一遍", by=zhao_signatory, on=Target("B1"))
    take_step(self_check=self_check, step="send_for_signature", by=chen_officer)
    take_step(self_check=self_check, step="submit", by=zhao_signatory)


def test_a_former_signatory_neither_adds_nor_removes_evidence(
    self_check: SelfCheck, former_signatory: User, chen_officer: User
) -> None:
    item = attach(self_check, chen_officer)
    for attempt in (
        lambda: attach(self_check, former_signatory, PDF + b"2"),
        lambda: remove_evidence(item=item, by=former_signatory),
    ):
        with pytest.raises(NotAllowed) as refused:
            attempt()
        assert refused.value.code == "four_eyes"
        assert "您已参与这份自查的审签，「增减佐证材料」" in str(refused.value)
    item.refresh_from_db()
    assert item.removed_at is None
    assert self_check.evidence_items.filter(indicator="B1").count() == 1


def test_a_former_signatory_neither_uploads_nor_explains_nor_answers(
    self_check: SelfCheck,
    schools: list[School],
    former_signatory: User,
    chen_officer: User,
    zhou_inspector: User,
) -> None:
    upload = with_warning(self_check, schools, chen_officer)
    asked = comment(self_check=self_check, text="请附名单", by=zhou_inspector, on=Target("B1"))
    for attempt in (
        lambda: keep_clean(self_check, former_signatory),
        lambda: explain_all(upload, former_signatory),
        lambda: answer(parent=asked, text="已补充", by=former_signatory),
    ):
        with pytest.raises(NotAllowed) as refused:
            attempt()
        assert refused.value.code == "four_eyes"
    assert asked.answers.count() == 0


def test_an_inspectors_answer_is_no_preparation(
    reach, self_check: SelfCheck, chen_officer: User, zhou_inspector: User
) -> None:
    reach("in_review")
    asked = comment(self_check=self_check, text="名单在附件", by=chen_officer, on=Target("B1"))
    answer(parent=asked, text="看到了", by=zhou_inspector)
    decide(self_check, "approve", zhou_inspector)
    parts = self_check.participations.filter(person=zhou_inspector)
    assert [row.part for row in parts] == ["review"]


def test_the_work_list_knows_who_is_barred(
    reach, self_check: SelfCheck, chen_officer: User, zhao_signatory: User, zhou_inspector: User
) -> None:
    reach("in_review")
    barred = {
        (who.username, part): SelfCheck.objects.filter(
            played_other_part(part, who), pk=self_check.pk
        ).exists()
        for who in (chen_officer, zhao_signatory, zhou_inspector)
        for part in Part
    }
    assert barred == {
        ("officer_500106", "prepare"): False,
        ("officer_500106", "sign"): True,
        ("officer_500106", "review"): True,
        ("signatory_500106", "prepare"): True,
        ("signatory_500106", "sign"): False,
        ("signatory_500106", "review"): True,
        ("inspector", "prepare"): True,
        ("inspector", "sign"): True,
        ("inspector", "review"): False,
    }


def test_uploading_alone_bars_from_review(self_check: SelfCheck, chen_officer: User) -> None:
    keep_clean(self_check, chen_officer)
    rows = SelfCheck.objects.filter(pk=self_check.pk)
    assert rows.filter(played_other_part(Part.REVIEW, chen_officer)).exists()
    assert not rows.filter(played_other_part(Part.PREPARE, chen_officer)).exists()


def test_the_page_refuses_evidence_of_a_former_signatory(
    self_check: SelfCheck, former_signatory: User, client: Client
) -> None:
    client.force_login(former_signatory)
    file = SimpleUploadedFile("规划.pdf", PDF)
    page = client.post(
        f"/self-checks/{self_check.reference}/evidence/",
        {"indicator": "B1", "file": file, "note": ""},
    )
    assert page.status_code == 403
    assert "须由另一人办理" in page.content.decode()
    assert not self_check.evidence_items.filter(indicator="B1").exists()


def test_the_api_refuses_a_signature_of_who_added_evidence(
    self_check: SelfCheck, chen_officer: User, luo_officer: User, client: Client
) -> None:
    attach(self_check, luo_officer)
    User.objects.filter(pk=luo_officer.pk).update(role=Role.SIGNATORY)
    keep_clean(self_check, chen_officer)
    take_step(self_check=self_check, step="send_for_signature", by=chen_officer)
    luo_officer.refresh_from_db()
    client.force_login(luo_officer)
    address = f"/api/v1/self-checks/{self_check.reference}/steps/"
    seen = client.get(address)
    offered = {offer["step"]: offer for offer in seen.json()["steps"]}
    assert offered["submit"]["blocked_by"] == (
        "您已参与这份自查的填报，「审签并报送」须由另一人办理。"
    )
    answered = client.post(
        address, {"step": "submit"}, content_type="application/json", HTTP_IF_MATCH=seen["ETag"]
    )
    assert (answered.status_code, answered.json()["code"]) == (403, "four_eyes")


def test_the_api_refuses_reasons_of_a_former_signatory(
    self_check: SelfCheck,
    schools: list[School],
    former_signatory: User,
    chen_officer: User,
    client: Client,
) -> None:
    upload = with_warning(self_check, schools, chen_officer)
    client.force_login(former_signatory)
    address = f"/api/v1/self-checks/{self_check.reference}/uploads/{upload.number}/"
    reasons = {str(upload.unexplained()[0]["id"]): "已与学校核实"}
    seen = client.get(address)["ETag"]
    answered = client.patch(
        address, {"reasons": reasons}, content_type="application/json", HTTP_IF_MATCH=seen
    )
    assert (answered.status_code, answered.json()["code"]) == (403, "four_eyes")


def test_what_people_did_before_is_found_in_rows_and_record(
    self_check: SelfCheck,
    schools: list[School],
    chen_officer: User,
    luo_officer: User,
    former_signatory: User,
) -> None:
    """Migration 0002, on a self-check where one person did nothing but explain."""
    explain_all(with_warning(self_check, schools, chen_officer), luo_officer)
    rows = self_check.participations.order_by("person", "part")
    known = list(rows.values_list("person__username", "part"))
    assert ("officer2_500106", "prepare") in known
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM selfchecks_participation")
    import_module("selfchecks.migrations.0002_participation").fill(apps, None)
    assert list(rows.all().values_list("person__username", "part")) == known
