"""The people and the self-check of the tests below, and documents read back."""

from datetime import timedelta
from decimal import Decimal
from io import BytesIO
from typing import Any

import pytest
from docx import Document

from districts.models import District, User
from improvement.models import SchoolPlan
from improvement.services import ledger, progress
from improvement.services.visits import draw_schools
from papers.kinds import KINDS
from schedule.services.reading import today
from selfchecks.models import ReviewEntry
from tests.improvement.conftest import *  # noqa: F403  the same self-check and its people


def words_of(content: bytes) -> str:
    """Everything a document says, paragraphs and then tables."""
    document: Any = Document(BytesIO(content))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return "\n".join([*(paragraph.text for paragraph in document.paragraphs), *cells])


@pytest.fixture
def subjects(
    approved: SchoolPlan, reach: Any, chen_officer: User, zhou_inspector: User,
    shapingba: District,
) -> dict[str, Any]:  # fmt: skip
    """One of each kind: an approved self-check, a school plan, a receipt, problems, a visit."""
    self_check = reach("approved")
    given = {"by": zhou_inspector, "district": shapingba, "source": "visit"}
    ledger.found(key="1", words="缺录像", **given)
    figures = {"found": "6.80", "required": "7.5", "gap": Decimal("350.50"), "unit": "㎡"}
    code = approved.school_code
    short = {"words": "运动场不足", "indicator": "A5", "school_code": code, "kind": "numeric"}
    ledger.found(key="2", due_on=today() - timedelta(days=1), **short, **figures, **given)
    measure = approved.measures.get()
    progress.report(measure=measure, by=chen_officer, done=Decimal("120.5"))
    receipt = ReviewEntry.objects.get(self_check=self_check, step="submit")
    visit = draw_schools(district=shapingba, count=2, by=zhou_inspector, seed="7")
    of = {
        "visit": visit,
        "unit": shapingba,
        "city": today(),
        "self_check": self_check,
        "receipt": receipt,
    }
    return {name: of[kind.find.__name__] for name, kind in KINDS.items()}
