"""Which version judges a self-check: the newest until it is submitted, then the one it was."""

from collections.abc import Callable
from datetime import date
from io import BytesIO

import openpyxl
import pytest

from audit.models import Entry
from districts.models import User
from indicators.models import Standard
from indicators.services import drafts, standards
from selfchecks.models import Notice, SelfCheck
from selfchecks.services import uploads
from selfchecks.services.evaluations import replay_all, try_out
from selfchecks.services.steps import take_step
from selfchecks.services.workbooks import template_for
from tests.selfchecks.conftest import DUE_ON, decide, keep_clean, latest
from tests.selfchecks.workbook_files import workbook


@pytest.fixture
def under_2017(self_check: SelfCheck) -> SelfCheck:
    """As a database of before has it: opened when only the standard of 2017 was there."""
    first = Standard.objects.get(code="2017")
    SelfCheck.objects.filter(pk=self_check.pk).update(standard=first)
    Standard.objects.filter(code="2017.1").update(effective_from=date(2030, 1, 1))
    self_check.refresh_from_db()
    return self_check


def correct(by: User) -> Standard:
    """Publish a correction in force since the beginning of 2026."""
    base = Standard.objects.get(code="2017")
    draft = standards.draft_from(standard=base, code="2017.9", reason="更正", by=by)
    drafts.change(row=draft, by=by, effective_from=date(2026, 1, 1))
    return standards.publish(standard=draft, reason="更正", by=by)


def test_a_self_check_of_2026_is_opened_under_the_correction(self_check: SelfCheck) -> None:
    assert self_check.standard.code == "2017.1"


@pytest.mark.parametrize("state", ["draft", "awaiting_signature", "returned"])
def test_what_is_not_submitted_follows_and_its_people_are_told(
    under_2017: SelfCheck,
    reach: Callable[..., SelfCheck],
    wu_manager: User,
    chen_officer: User,
    state: str,
) -> None:
    if state != "draft":
        reach(state, under_2017)
    under_2017.refresh_from_db()
    assert under_2017.standard.code == "2017"
    seen = under_2017.version
    newer = correct(wu_manager)
    under_2017.refresh_from_db()
    assert (under_2017.standard, under_2017.version) == (newer, seen + 1)
    entry = Entry.objects.get(action="self_check.follow")
    assert entry.changes == {"standard": ["2017", "2017.9"]}
    notice = Notice.objects.get(kind="standard_changed", recipient=chen_officer)
    assert (notice.params["old"], notice.params["new"]) == ("2017", "2017.9")


@pytest.mark.parametrize("state", ["submitted", "in_review", "approved"])
def test_what_was_submitted_keeps_version_verdict_and_digest(
    under_2017: SelfCheck, reach: Callable[..., SelfCheck], wu_manager: User, state: str
) -> None:
    reach(state, under_2017)
    before = latest(under_2017)
    correct(wu_manager)
    under_2017.refresh_from_db()
    after = latest(under_2017)
    assert under_2017.standard.code == after.standard.code == "2017"
    assert (after.engine, after.digest, after.verdict) == ("1", before.digest, before.verdict)
    assert all(replay.is_same for replay in replay_all())


def test_what_comes_back_is_judged_by_the_newest(
    under_2017: SelfCheck,
    reach: Callable[..., SelfCheck],
    wu_manager: User,
    zhou_inspector: User,
    chen_officer: User,
    zhao_signatory: User,
) -> None:
    reach("in_review", under_2017)
    correct(wu_manager)
    decide(under_2017, "send_back", zhou_inspector)
    under_2017.refresh_from_db()
    assert under_2017.standard.code == "2017.9"
    keep_clean(under_2017, chen_officer)
    take_step(self_check=under_2017, step="send_for_signature", by=chen_officer)
    take_step(self_check=under_2017, step="submit", by=zhao_signatory)
    first, second = under_2017.evaluations.order_by("number")
    assert [(each.standard.code, each.engine) for each in (first, second)] == [
        ("2017", "1"),
        ("2017.9", "2"),
    ]
    assert all(replay.is_same for replay in replay_all())


def test_a_self_check_of_a_year_before_stays_under_2017(
    under_2017: SelfCheck, wu_manager: User
) -> None:
    SelfCheck.objects.filter(pk=under_2017.pk).update(year=2025, fill_from=date(2025, 9, 1))
    correct(wu_manager)
    under_2017.refresh_from_db()
    assert (under_2017.standard.code, under_2017.due_on) == ("2017", DUE_ON)


def test_a_version_that_asks_the_seventh_veto_item_has_it_in_workbook_and_result(
    self_check: SelfCheck, chen_officer: User, wu_manager: User
) -> None:
    of_before = workbook(self_check)
    base = Standard.objects.get(code="2017.1")
    draft = standards.draft_from(standard=base, code="2017.2", reason="另问一项", by=wu_manager)
    drafts.change(row=draft, by=wu_manager, effective_from=date(2026, 6, 1), optional_veto=["V7"])
    standards.publish(standard=draft, reason="另问一项", by=wu_manager)
    self_check.refresh_from_db()
    assert self_check.standard.code == "2017.2"
    content = template_for(self_check)
    sheet = openpyxl.load_workbook(BytesIO(content))["一票否决"]
    asked = [sheet.cell(row, 1).value for row in range(4, sheet.max_row + 1)]
    assert asked == ["V1", "V2", "V3", "V4", "V5", "V6", "V7"]
    uploads.keep(self_check=self_check, content=of_before, name="自查.xlsx", by=chen_officer)
    outcome = try_out(self_check)
    assert outcome is not None
    assert outcome.veto.missing == ("V7",)  # an older template still enters, and leaves it open
    keep_clean(self_check, chen_officer)
    outcome = try_out(self_check)
    assert outcome is not None
    assert (outcome.veto.verdict, outcome.standard) == ("met", "2017.2")
    assert self_check.veto_items.filter(item="V7", is_raised=False).exists()
