"""Many documents at once: flattened, checked one by one, proposed, assigned; all or nothing."""

from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from audit.models import Entry
from audit.refusals import Unusable
from audit.services import verify
from districts.models import School, User
from selfchecks.models import EvidenceItem, SelfCheck
from selfchecks.services.waiting import (
    DISCARD,
    AlreadyAssigned,
    Choice,
    assign_files,
    known_of,
    proposal_for,
)
from tests.reader import words
from tests.selfchecks.many_files import archive, as_windows_writes, pdf

REFERENCE = "/self-checks/500106-2026/"


def test_folders_are_flattened_and_what_systems_add_is_left_out(
    receive: Any, self_check: SelfCheck, schools: list[School]
) -> None:
    names = (
        "佐证/B10 编制/编制方案.pdf",
        f"佐证/C6/{schools[0].code}/方案.pdf",
        "佐证/__MACOSX/._方案.pdf",
        "__MACOSX/x.pdf",
        "佐证/Thumbs.db",
        "佐证/.DS_Store",
        "佐证/~$编制方案.docx",
    )
    content = archive(*((name, pdf(name)) for name in names), ("佐证/空文件夹/", b""))
    received = receive(("佐证.zip", content), ("B15.pdf", pdf("B15")))
    known = known_of(self_check)
    assert [
        (item.display_name, item.came_from, *proposal_for(item, known)) for item in received.items
    ] == [
        ("编制方案.pdf", "佐证/B10 编制/编制方案.pdf", "B10", ""),
        ("方案.pdf", f"佐证/C6/{schools[0].code}/方案.pdf", "C6", schools[0].code),
        ("B15.pdf", "", "B15", ""),
    ]
    assert not self_check.evidence.exists()  # nothing is evidence before it is assigned


@pytest.mark.parametrize("name", ["佐证/编制方案.pdf", "蚌埠/一览表.pdf"])
def test_names_in_the_writing_of_windows_are_read(receive: Any, name: str) -> None:
    (item,) = receive(("a.zip", as_windows_writes(name, pdf("1")))).items
    assert item.came_from == name


def test_the_same_file_twice_is_told_and_kept_once_for_a_subject(receive: Any) -> None:
    received = receive(("B10.pdf", pdf("1")), ("B10 副本.pdf", pdf("1")), ("C6.pdf", pdf("1")))
    assert [item.display_name for item in received.items] == ["B10.pdf", "C6.pdf"]
    assert received.repeated == ["B10 副本.pdf"]
    assert receive(("B10.pdf", pdf("1"))).repeated == ["B10.pdf"]


def test_assigned_files_are_evidence_and_those_let_go_are_gone(
    receive: Any,
    stored: Any,
    self_check: SelfCheck,
    schools: list[School],
    chen_officer: User,
    django_capture_on_commit_callbacks: Any,
) -> None:
    first, second, third, fourth = receive(*((f"{n}.pdf", pdf(str(n))) for n in range(4))).items
    choices = {
        first.pk: Choice("B10"),
        second.pk: Choice("C6", schools[0].name),
        third.pk: Choice(DISCARD),
        fourth.pk: Choice(""),
    }
    with django_capture_on_commit_callbacks(execute=True):
        assign_files(self_check=self_check, choices=choices, by=chen_officer)
    assert list(self_check.evidence.values_list("indicator", "school_code", "display_name")) == [
        ("B10", "", "0.pdf"),
        ("C6", schools[0].code, "1.pdf"),
    ]
    assert stored() == 3
    assert not default_storage.exists(str(third.file))
    assert EvidenceItem.objects.get(indicator="") == fourth
    entry = Entry.objects.latest("number")
    assert entry.action == "evidence.assign"
    assert [row[0] for row in entry.changes["files"]] == ["B10", "C6"]
    assert entry.changes["discarded"] == [third.sha256]
    assert verify() is None
    with pytest.raises(AlreadyAssigned):
        assign_files(self_check=self_check, choices=choices, by=chen_officer)


def test_what_is_on_its_subject_already_is_not_attached_twice(
    receive: Any, self_check: SelfCheck, chen_officer: User
) -> None:
    for _time in range(2):
        (item,) = receive(("B10.pdf", pdf("1"))).items
        assign_files(self_check=self_check, choices={item.pk: Choice("B10")}, by=chen_officer)
    assert self_check.evidence_items.count() == 1


@pytest.mark.parametrize(
    ("choice", "field"),
    [
        (Choice("Z9"), "subject"),
        (Choice("B10", "没有这所学校"), "school"),
        (Choice("B10", "9" * 10), "school"),
    ],
)
def test_an_unknown_subject_or_school_assigns_nothing(
    receive: Any, self_check: SelfCheck, chen_officer: User, choice: Choice, field: str
) -> None:
    first, second = receive(("1.pdf", pdf("1")), ("2.pdf", pdf("2"))).items
    choices = {first.pk: Choice("B10"), second.pk: choice}
    with pytest.raises(Unusable) as refused:
        assign_files(self_check=self_check, choices=choices, by=chen_officer)
    assert list(refused.value.fields) == [f"{field}_{second.pk}"]
    assert not self_check.evidence.exists()


def test_files_of_another_self_check_cannot_be_assigned(
    receive: Any, self_check: SelfCheck, chen_officer: User
) -> None:
    (item,) = receive(("1.pdf", pdf("1"))).items
    other = SelfCheck.objects.get(pk=self_check.pk)
    other.pk, other.year = None, 2027
    other._state.adding = True
    other.save()
    with pytest.raises(AlreadyAssigned):
        assign_files(self_check=other, choices={item.pk: Choice("B10")}, by=chen_officer)


def test_the_page_takes_an_archive_and_its_proposals_by_two_buttons(
    self_check: SelfCheck, schools: list[School], chen_officer: User, signed_in: Any
) -> None:
    client: Client = signed_in(chen_officer)
    content = archive(
        ("B10/方案.pdf", pdf("1")),
        (f"C6/{schools[1].name}/方案.pdf", pdf("2")),
        ("别的.pdf", pdf("3")),
    )
    file = SimpleUploadedFile("佐证.zip", content)
    sent = client.post(REFERENCE + "evidence/several/", {"several": file})
    assert sent["Location"] == REFERENCE + "explanations/#waiting"
    page = client.get(REFERENCE + "explanations/")
    text = page.content.decode()
    assert "收到 3 份材料" in words(page)
    assert "3 份材料待归类" in words(page)
    first, second, third = EvidenceItem.objects.order_by("pk")
    row = text.split(f'name="subject_{second.pk}"')[1]
    assert '<option value="C6" selected>' in row.split("</select>")[0]
    assert f'value="{schools[1].code} {schools[1].name}"' in row.split("</td>")[1]
    boxes = {f"subject_{first.pk}": "B10", f"subject_{second.pk}": "C6"}
    schools_of = {f"school_{second.pk}": f"{schools[1].code} {schools[1].name}"}
    wrong = client.post(
        REFERENCE + "evidence/assignment/", {**boxes, f"school_{first.pk}": "没有这所学校"}
    )
    assert wrong.status_code == 422
    assert "没有这所学校" in words(wrong)
    client.post(REFERENCE + "evidence/assignment/", {**boxes, **schools_of})
    assert set(self_check.evidence.values_list("indicator", "school_code")) == {
        ("B10", ""),
        ("C6", schools[1].code),
    }
    assert "1 份材料待归类" in words(client.get(REFERENCE + "explanations/"))
    assert "还有 1 份没有归类。" in words(client.get(REFERENCE))
    again = client.post(
        REFERENCE + "evidence/several/", {"several": SimpleUploadedFile("C8.pdf", pdf("1"))}
    )
    assert "与已附上的「B10 方案.pdf」内容相同" in words(client.get(again["Location"]))
    assert third.indicator == ""


def test_whoever_may_not_write_sends_nothing(
    self_check: SelfCheck, zhao_signatory: User, signed_in: Any
) -> None:
    client: Client = signed_in(zhao_signatory)
    file = SimpleUploadedFile("B10.pdf", pdf("1"))
    assert client.post(REFERENCE + "evidence/several/", {"several": file}).status_code == 403
    assert client.post(REFERENCE + "evidence/assignment/", {}).status_code == 403
    assert not EvidenceItem.objects.exists()
