"""What somebody sent is given back to be saved, never shown, whatever it also is (m12, m16)."""

from typing import Any

import pytest

from audit.refusals import Refused
from districts.models import User
from selfchecks.services.evidence import add_evidence
from tests.workbooks.packages import HTML

BOTH = {
    "a page behind the head of a document": b"%PDF-1.7\n" + HTML,
    "a page in a picture": b"GIF89a" + HTML,
    "a drawing with a script": b"%PDF-1.7\n<svg xmlns='http://www.w3.org/2000/svg' onload='x()'/>",
}
NAMES = ("a.html\r\nX-Forged: 1.pdf", '"><script>.pdf', "‮fdp.exe.pdf")


@pytest.mark.parametrize("name", NAMES, ids=ascii)
@pytest.mark.parametrize("content", BOTH.values(), ids=list(BOTH))
def test_m16_what_is_also_a_page_is_saved_and_never_shown(
    signed_in: Any, chen_officer: User, reach: Any, content: bytes, name: str
) -> None:
    self_check = reach("returned")
    given = {"indicator": "B1", "content": content, "name": name}
    if not content.startswith(b"%PDF"):  # it is not what it is called
        with pytest.raises(Refused):
            add_evidence(self_check=self_check, by=chen_officer, **given)
        return
    item = add_evidence(self_check=self_check, by=chen_officer, **given)
    answer = signed_in(chen_officer).get(f"/self-checks/{self_check.reference}/evidence/{item.pk}/")
    assert answer.status_code == 200
    assert answer["Content-Disposition"].startswith("attachment")
    assert answer["Content-Type"] == "application/octet-stream"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert "default-src 'none'" in answer["Content-Security-Policy"]
    assert not answer.has_header("X-Forged")
    assert "\n" not in answer["Content-Disposition"]
