"""Documents over REST: the blocker the pages show, the list, one more document."""

from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from districts.models import User
from selfchecks.contents import MOST_BYTES
from selfchecks.models import SelfCheck
from selfchecks.services.steps import open_steps
from tests.selfchecks.conftest import keep_clean
from tests.selfchecks.test_documents import PDF, take_down


def test_rest_shows_the_same_blocker(
    self_check: SelfCheck, chen_officer: User, signed_in: Any
) -> None:
    keep_clean(self_check, chen_officer)
    take_down(self_check, "B10", chen_officer)
    self_check.refresh_from_db()
    (offer,) = (
        offer
        for offer in open_steps(self_check, chen_officer)
        if offer.step.name == "send_for_signature"
    )
    answer = signed_in(chen_officer).get("/api/v1/self-checks/500106-2026/steps/").json()
    (told,) = (row for row in answer["steps"] if row["step"] == "send_for_signature")
    assert told["is_open"] is False
    assert told["blocked_by"] == offer.blocked_by
    assert "B10 编制和岗位统筹" in told["blocked_by"]


def test_rest_lists_the_documents_and_takes_one_more(
    self_check: SelfCheck, chen_officer: User, zhou_inspector: User, bearer: Any
) -> None:
    url = "/api/v1/self-checks/500106-2026/evidence/"
    officer = bearer(chen_officer, "read", "write:selfcheck")

    def post(place: str, name: str = "方案.pdf", content: bytes = PDF) -> Any:
        return officer.post(url + place, {"file": SimpleUploadedFile(name, content)})

    sent = post("B10/?school=沙坪坝区第1学校&note=批复")
    assert sent.status_code == 201
    row = sent.json()
    assert (row["indicator"], row["school_code"]) == ("B10", f"21{self_check.district_id:05d}001")
    assert post("B10/").status_code == 200
    assert (post("B99/").status_code, post("Z9/").status_code) == (422, 404)
    assert post("B10/", "页面.html", b"<script>").status_code == 422
    assert post("B10/", "a.pdf", PDF.ljust(MOST_BYTES + 1)).status_code == 413
    inspector = bearer(zhou_inspector, "read", "write:selfcheck")
    (listed,) = inspector.get(url).json()["results"]
    assert listed == row
    file = SimpleUploadedFile("方案.pdf", PDF + b"2")
    assert inspector.post(f"{url}B10/", {"file": file}).status_code == 403
