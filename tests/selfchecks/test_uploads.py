"""Workbooks come in whole or not at all, and every stored value knows its cell."""

from decimal import Decimal

import pytest

from districts.models import User
from selfchecks.models import SelfCheck
from selfchecks.services import uploads
from tests.selfchecks.workbook_files import workbook


def test_a_clean_workbook_has_nothing_to_say(self_check: SelfCheck, chen_officer: User) -> None:
    seen = uploads.preview(self_check=self_check, content=workbook(self_check), name="自查.xlsx")
    assert [row["text"] for row in seen.findings] == []
    assert seen.outcome is not None
    assert seen.outcome["verdict"] == "not_met"
