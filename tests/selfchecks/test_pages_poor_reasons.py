"""A reason that says nothing is told beside its box, and nothing else that was typed is lost."""

import re
from typing import Any

import pytest
from django.test import Client

from districts.models import School, User
from selfchecks.models import SelfCheck
from selfchecks.services.evidence import add_evidence
from tests.selfchecks.test_pages_reasons import REFERENCE, boxes, clerk, file, keep, with_blanks

__all__ = ["clerk"]


@pytest.mark.parametrize("page", ["versions/1/", "explanations/", "evidence/", "upload/"])
def test_a_reason_that_says_nothing_is_told_beside_its_box_and_nothing_typed_is_lost(
    self_check: SelfCheck, schools: list[School], chen_officer: User, clerk: Client, page: str
) -> None:
    content = with_blanks(self_check, schools[0])
    if page in ("versions/1/", "upload/"):
        clerk.post(REFERENCE + "upload/", {"file": file(content)})
    else:
        keep(self_check, content, chen_officer)
    short, long = (f"reason_{row['id']}" for row in self_check.uploads.get().unexplained())
    sent: dict[str, Any] = {short: "ok <b>", long: "新校区在建", "of": "1", "indicator": "B1"}
    if page in ("evidence/", "upload/"):
        sent["file"] = file(b"%PDF-1.7", "a.pdf")
    answer = clerk.post(REFERENCE + page, sent)
    text = answer.content.decode()
    assert answer.status_code == 422
    assert boxes(text) == {short: "ok &lt;b&gt;", long: "新校区在建"}
    box = re.search(rf'<p class="err" id="{short}-error">([^<]*)</p>', text)
    alert = re.search(r'role="alert"><p>([^<]*)</p>', text)
    assert box
    assert alert
    assert box[1] == alert[1]
    assert "写得太短" in box[1]
    assert ("文件没有收下" in text) is ("file" in sent)
    assert self_check.uploads.get().reasons == {}
    assert not self_check.evidence_items.exists()


def test_taking_a_document_back_tells_of_a_bad_reason_too(
    self_check: SelfCheck, schools: list[School], chen_officer: User, clerk: Client
) -> None:
    upload = keep(self_check, with_blanks(self_check, schools[0]), chen_officer)
    item = add_evidence(
        self_check=self_check, indicator="B1", content=b"%PDF-1.7", name="a.pdf", by=chen_officer
    )
    name = f"reason_{upload.findings[0]['id']}"
    answer = clerk.post(f"{REFERENCE}evidence/{item.pk}/removal/", {name: "无"})
    assert (answer.status_code, boxes(answer.content.decode())[name]) == (422, "无")
    assert self_check.evidence_items.get().removed_at is None
