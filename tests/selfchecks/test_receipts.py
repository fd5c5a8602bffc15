"""A receipt, or the file handed in, is compared with the record by whoever holds it."""

from collections.abc import Callable

import pytest
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from districts.models import User
from selfchecks.files import content_of
from selfchecks.models import SelfCheck

RECEIPT = "500106-2026-002"  # the second step of the year hands in
Reach = Callable[[str], SelfCheck]


@pytest.fixture(autouse=True)
def _nobody_asked_yet() -> None:
    cache.clear()


def test_a_number_finds_what_was_handed_in_and_names_nobody(reach: Reach, client: Client) -> None:
    upload = reach("submitted").uploads.get()
    page = client.get("/receipts/", {"number": f" {RECEIPT.lower()} "}).content.decode()
    assert "沙坪坝区" in page
    assert upload.sha256 in page
    assert upload.self_check.evaluations.get().digest in page
    for secret in ("赵明", "陈静", "不达标", "无法判定", upload.display_name):
        assert secret not in page, secret


def test_full_width_digits_are_read(reach: Reach, client: Client) -> None:
    reach("submitted")
    page = client.get("/receipts/", {"number": "５００１０６－２０２６－００２"})
    assert RECEIPT in page.content.decode()


@pytest.mark.parametrize(
    "number",
    ["500106-2026-001", "500106-2026-003", "500106-2025-002", "500151-2026-002", "2", "-", "1-2-3"]
    + ["500106-²026-002", "500106-2026-0000000002", "a" * 40, "500106-2026-002\n500106-2026-001"],
)
def test_other_numbers_find_nothing(reach: Reach, client: Client, number: str) -> None:
    reach("submitted")
    answer = client.get("/receipts/", {"number": number})
    assert answer.status_code == 200
    assert "没有这样的报送" in answer.content.decode()


def test_the_file_handed_in_is_recognised_and_not_kept(reach: Reach, client: Client) -> None:
    upload = reach("submitted").uploads.get()
    content = content_of(upload)
    for sent, is_it in ((content, True), (content + b"\0", False), (b"", False)):
        answer = client.post("/receipts/", {"file": SimpleUploadedFile("某.xlsx", sent)})
        assert answer.status_code == 200
        assert (RECEIPT in answer.content.decode()) is is_it
    assert upload.self_check.uploads.count() == 1


def test_a_file_that_was_not_handed_in_is_none(reach: Reach, client: Client) -> None:
    upload = reach("awaiting_signature").uploads.get()
    sent = SimpleUploadedFile("自查.xlsx", content_of(upload))
    answer = client.post("/receipts/", {"file": sent})
    assert "没有这样的报送" in answer.content.decode()


def test_too_long_and_too_large_are_said_at_the_input(reference: None, client: Client) -> None:
    answer = client.get("/receipts/", {"number": "5" * 41})
    assert answer.status_code == 400
    large = SimpleUploadedFile("a.xlsx", b"x" * (5 * 1024 * 1024 + 1))
    answer = client.post("/receipts/", {"file": large})
    assert answer.status_code == 400
    assert "文件超过 5 MB" in answer.content.decode()


def test_nobody_counts_through_the_numbers(reference: None, client: Client) -> None:
    asked = [client.get("/receipts/", {"number": RECEIPT}).status_code for _ in range(31)]
    assert asked == [200] * 30 + [429]
    assert client.get("/receipts/").status_code == 200  # the page itself stays


def test_the_receipt_prints_whole_hashes(
    reach: Reach, zhao_signatory: User, signed_in: Callable[[User], Client]
) -> None:
    self_check = reach("submitted")
    page = signed_in(zhao_signatory).get("/self-checks/500106-2026/receipts/2/").content.decode()
    assert self_check.uploads.get().sha256 in page
    assert self_check.evaluations.get().digest in page


def test_a_receipt_finds_its_decision_in_trail_search_and_audit(
    reach: Reach,
    wu_manager: User,
    he_auditor: User,
    signed_in: Callable[[User], Client],
    bearer: Callable[[User], Client],
) -> None:
    reach("approved")
    client, auditor = signed_in(wu_manager), signed_in(he_auditor)
    trail = client.get("/admin/selfchecks/reviewentry/", {"q": RECEIPT}).content.decode()
    assert "复核通过" in trail
    assert "送负责人审签" not in trail.partition("result_list")[2]
    checks = client.get("/admin/selfchecks/selfcheck/", {"q": RECEIPT}).content.decode()
    assert "沙坪坝区" in checks.partition("result_list")[2]
    audit = auditor.get("/admin/audit/entry/", {"q": RECEIPT}).content.decode()
    assert "复核通过" in audit.partition("result_list")[2]
    found = bearer(he_auditor).get("/api/v1/audit/", {"q": RECEIPT}).json()["results"]
    actions = [entry["action"] for entry in found]
    assert actions == ["self_check.approve", "self_check.submit"]
