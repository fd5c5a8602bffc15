"""Findings as they are stored: their ids, and those of before in today's words."""

import hashlib
from dataclasses import replace

from selfchecks.services.findings import in_words, number_findings
from workbooks.findings import Finding
from workbooks.wording.values import APPROXIMATE

FINDING = Finding(APPROXIMATE, {"rule": ""}, "学校数据", "F6", 6, "小学在校生数", "约12")


def test_the_name_of_the_row_is_no_part_of_an_id() -> None:
    """Reasons hang on ids, and must outlast a corrected name."""
    named = replace(FINDING, about="沙坪坝区第3小学")
    (stored,), (plain,) = number_findings([named]), number_findings([FINDING])
    key = "approximate|学校数据|F6|小学在校生数|约12|1"
    assert stored["id"] == plain["id"] == hashlib.sha256(key.encode()).hexdigest()[:16]
    assert in_words(stored)["about"] == "沙坪坝区第3小学"


def test_a_finding_stored_before_rows_were_named_is_about_nothing() -> None:
    (stored,) = number_findings([FINDING])
    del stored["about"]
    assert in_words(stored)["about"] == ""
