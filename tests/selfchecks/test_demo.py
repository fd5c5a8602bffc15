"""The demonstration goes the real way: people of its own, right order, one audit chain, once."""

from collections import Counter
from datetime import date, datetime
from io import StringIO
from zoneinfo import ZoneInfo

import pytest
from django.core.management import call_command
from django.utils import timezone

from audit.services import verify
from districts.models import User
from selfchecks import demo as story
from selfchecks.files import content_of
from selfchecks.models import Evaluation, Notice, ReviewEntry, SelfCheck, Upload
from selfchecks.services import demo, evaluations
from selfchecks.services.documents import documents_of
from selfchecks.workflow import STEP
from tests.selfchecks.conftest import REQUIRED

ZONE = ZoneInfo("Asia/Shanghai")
CODES = ["500106", "500108", "500111", "500151", "500103", "500107", "500109"]


def load(*codes: str, years: int = 2) -> str:
    out = StringIO()
    call_command("load_demo", districts=list(codes), years=years, schools=8, stdout=out)
    return out.getvalue()


def test_years_of_self_checks_come_from_the_real_path(reference: None, settings: object) -> None:
    load(*CODES)
    rows = SelfCheck.objects.all()
    assert all(row.is_demo for row in rows)
    first, last = sorted({row.year for row in rows})
    assert {row.state for row in rows.filter(year=first)} == {"approved"}
    assert len({row.state for row in rows.filter(year=last)}) >= 5
    assert Upload.objects.filter(status="refused", error_count__gt=0).exists()
    assert verify() is None
    assert all(result.is_same for result in evaluations.replay_all())
    people = set(ReviewEntry.objects.values_list("actor", flat=True))
    assert not User.objects.filter(pk__in=people, is_demo=False).exists()
    for row in rows:
        taken = [entry.taken_at for entry in row.trail.order_by("number")]
        assert taken == sorted(taken)
        assert all(row.opened_at <= moment <= timezone.now() for moment in taken)


def test_loading_again_adds_nothing(reference: None) -> None:
    load("500106", "500151", years=1)
    before = [Upload.objects.count(), Evaluation.objects.count(), SelfCheck.objects.count()]
    versions = list(SelfCheck.objects.values_list("version", flat=True))
    assert "自查" not in load("500106", "500151", years=1)
    after = [Upload.objects.count(), Evaluation.objects.count(), SelfCheck.objects.count()]
    assert before == after
    assert versions == list(SelfCheck.objects.values_list("version", flat=True))


def test_a_real_account_plays_no_part(reference: None) -> None:
    load("500151", years=1)
    User.objects.filter(username="officer_500151").update(is_demo=False)
    (row,) = SelfCheck.objects.filter(district__code="500151")
    assert demo.play(self_check=row, seed=1, place=0, is_closed=True) == 0


@pytest.mark.parametrize(
    ("day", "years"),
    [(date(2026, 11, 23), [2024, 2025, 2026]), (date(2026, 3, 1), [2023, 2024, 2025])],
)
def test_years_begin_with_filling_in(day: date, years: list[int]) -> None:
    assert demo.years_until(day, 3) == years


def test_stories_end_where_the_workflow_allows() -> None:
    for acts in (*story.UNDER_WAY, *story.CLOSED):
        state = "draft"
        for act in acts:
            if act in STEP:
                assert state in STEP[act].sources, acts
                state = STEP[act].target
    ends = Counter(acts[-1] if acts else "" for acts in story.UNDER_WAY)
    assert ends["accept"] == ends["submit"] == ends["approve"] - 1 == 2


def test_moments_are_in_order_and_never_ahead() -> None:
    until = datetime(2026, 9, 20, 16, tzinfo=ZONE)
    found = list(story.moments(1, "500106", date(2026, 9, 1), until=until, count=12))
    assert found == sorted(found)
    assert found[-1] <= until
    assert found[0] >= datetime(2026, 9, 1, 9, tzinfo=ZONE)


def test_an_abolished_unit_has_nothing_after_its_last_day(reference: None) -> None:
    load("500105", "500112", years=2)
    last = datetime(2025, 11, 5, 23, 59, tzinfo=ZONE)
    assert set(SelfCheck.objects.values_list("year", "state")) == {(2025, "approved")}
    moments = [
        *ReviewEntry.objects.values_list("taken_at", flat=True),
        *Upload.objects.values_list("uploaded_at", flat=True),
        *Evaluation.objects.values_list("evaluated_at", flat=True),
        *Notice.objects.values_list("created_at", flat=True),
        *Notice.objects.exclude(read_at=None).values_list("read_at", flat=True),
    ]
    assert len(moments) > 12
    assert max(moments) <= last


def test_what_the_nation_certified_does_not_fail_its_own_self_check(reference: None) -> None:
    """Named on the list of 2024, announced in 2025: sound in both years and since."""
    load("500106", "500107", "500108", "LJXQ", years=3)
    approved = ReviewEntry.objects.filter(step="approve")
    facts = ("self_check__district__code", "self_check__year", "evaluation__verdict")
    rows = set(approved.values_list(*facts))
    assert {row[2] for row in rows} == {"met"}
    assert {row[:2] for row in rows} >= {
        (code, year) for code in ("500106", "500107", "500108") for year in (2024, 2025)
    }


def test_documents_are_attached_that_say_what_they_are(reference: None) -> None:
    """Approved self-checks have what is asked for; the same lines make the same bytes."""
    load("500106", "500108", years=2)
    approved = SelfCheck.objects.filter(state="approved")
    assert approved.exists()
    for self_check in approved:
        documents = documents_of(self_check)
        assert documents.missing == []
        assert [line.code for line in documents.attached] == list(REQUIRED)
        for line in documents.attached:
            (item,) = line.items
            assert "演示数据" in item.display_name
            content = content_of(item)
            assert "演示数据".encode("utf-16-be").hex().encode() in content
            title = f"{self_check.district.name}{self_check.year}年度"
            again = story.labelled_pdf("演示数据 DEMONSTRATION", title, line.label)
            assert content == again
