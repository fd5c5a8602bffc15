"""Opening a year: one self-check per unit that exists, days in order, everybody told."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone, translation

from audit.models import Entry
from audit.refusals import Conflict, NotAllowed, Unusable
from districts.models import District, User
from districts.wording import day_text
from selfchecks.models import Deadline, Notice, SelfCheck
from selfchecks.services.notices import text_of
from selfchecks.services.opening import (
    Move,
    open_self_check,
    open_year,
    preview_move,
    set_deadline,
)
from tests.selfchecks.conftest import DUE_ON, FILL_FROM


def test_a_year_opens_for_the_units_that_exist_then(reference: None, wu_manager: User) -> None:
    before = open_year(
        year=2024, due_on=date(2024, 12, 1), fill_from=date(2024, 9, 1), by=wu_manager
    )
    after = open_year(year=2026, due_on=DUE_ON, fill_from=FILL_FROM, by=wu_manager)
    # 江北区 and 渝北区 were abolished on 2025-11-06.
    assert (len(before.new), len(after.new)) == (41, 39)
    again = open_year(year=2026, due_on=DUE_ON, fill_from=FILL_FROM, by=wu_manager)
    assert (again.new, again.existing) == ((), 39)


def test_opening_tells_the_people_of_the_district(
    reference: None, wu_manager: User, chen_officer: User, zhao_signatory: User, liu_officer: User
) -> None:
    shapingba = chen_officer.district
    open_year(year=2026, due_on=DUE_ON, fill_from=FILL_FROM, by=wu_manager, districts=[shapingba])
    told = Notice.objects.filter(kind="opened").order_by("pk")
    assert [notice.recipient for notice in told] == [chen_officer, zhao_signatory]


def move(due_on: date, by: User, reason: str = "汇总提前") -> Deadline:
    return set_deadline(year=2026, due_on=due_on, fill_from=FILL_FROM, by=by, reason=reason)


def test_moving_the_deadline_moves_the_self_checks_with_it(
    self_check: SelfCheck, wu_manager: User
) -> None:
    moved = date(2026, 12, 31)
    move(moved, wu_manager)
    self_check.refresh_from_db()
    assert (self_check.due_on, self_check.version) == (moved, 2)


def test_a_move_needs_a_reason_and_tells_the_district_the_new_day(
    self_check: SelfCheck, chen_officer: User, zhao_signatory: User, wu_manager: User
) -> None:
    with pytest.raises(Unusable, match="请写明原因"):
        move(date(2026, 11, 20), wu_manager, reason=" ")
    assert Deadline.objects.get().due_on == DUE_ON
    for day in (date(2026, 11, 20), DUE_ON, date(2026, 11, 20)):
        move(day, wu_manager)
    told = Notice.objects.filter(kind="deadline_moved", recipient=chen_officer).order_by("pk")
    sentence = "沙坪坝区 2026 年度自查的报送截止日由 2026年12月15日改为 2026年11月20日：汇总提前"
    assert (told.count(), text_of(told[0])) == (3, sentence)
    assert Notice.objects.filter(kind="deadline_moved", recipient=zhao_signatory).count() == 3
    assert Entry.objects.filter(action="deadline.move").first().reason == "汇总提前"


@pytest.mark.parametrize("state", ["submitted", "in_review", "approved"])
def test_what_is_out_of_the_districts_hands_keeps_its_day(
    reach, self_check: SelfCheck, wu_manager: User, state: str
) -> None:
    version = reach(state).version
    deadline = Deadline.objects.get()
    assert preview_move(deadline=deadline, due_on=date(2026, 9, 20)) == Move(0, 0, 1)
    move(date(2026, 9, 20), wu_manager)
    self_check.refresh_from_db()
    assert (self_check.due_on, self_check.version) == (DUE_ON, version)
    assert not Notice.objects.filter(kind="deadline_moved").exists()


def test_looking_at_a_move_counts_who_would_be_overdue_at_once(
    reference: None, wu_manager: User
) -> None:
    open_year(year=2026, due_on=DUE_ON, fill_from=FILL_FROM, by=wu_manager)
    deadline = Deadline.objects.get()
    assert preview_move(deadline=deadline, due_on=timezone.localdate()) == Move(39, 0, 0)
    yesterday = timezone.localdate() - timedelta(days=1)
    assert preview_move(deadline=deadline, due_on=yesterday) == Move(39, 39, 0)


def test_the_same_days_again_change_nothing(self_check: SelfCheck, wu_manager: User) -> None:
    entries = Entry.objects.count()
    set_deadline(year=2026, due_on=DUE_ON, fill_from=FILL_FROM, by=wu_manager)
    self_check.refresh_from_db()
    assert self_check.version == 1
    assert Entry.objects.count() == entries


def test_days_are_told_in_the_readers_way(reference: None, wu_manager: User) -> None:
    with pytest.raises(Unusable, match="2026年9月1日早于开始填报日 2026年12月15日"):
        set_deadline(year=2026, due_on=FILL_FROM, fill_from=DUE_ON, by=wu_manager)
    with translation.override("en"):
        assert day_text(DUE_ON) == "15 December 2026"


def test_days_must_be_in_order(reference: None, wu_manager: User) -> None:
    with pytest.raises(Unusable) as refused:
        set_deadline(year=2040, due_on=FILL_FROM, fill_from=DUE_ON, by=wu_manager)
    assert list(refused.value.fields) == ["year", "due_on"]
    with pytest.raises(IntegrityError), transaction.atomic():
        Deadline.objects.create(year=2026, due_on=FILL_FROM, fill_from=DUE_ON)


def test_only_the_municipal_side_sets_days(
    reference: None, chen_officer: User, he_auditor: User
) -> None:
    for by in (chen_officer, he_auditor):
        with pytest.raises(NotAllowed):
            set_deadline(year=2026, due_on=DUE_ON, fill_from=FILL_FROM, by=by)


def test_a_district_opens_its_own_once_the_days_are_set(
    reference: None, tongliang: District, liu_officer: User, chen_officer: User, wu_manager: User
) -> None:
    with pytest.raises(Conflict, match="还没有设定"):
        open_self_check(district=tongliang, year=2026, by=liu_officer)
    set_deadline(year=2026, due_on=DUE_ON, fill_from=FILL_FROM, by=wu_manager)
    with pytest.raises(NotAllowed):
        open_self_check(district=tongliang, year=2026, by=chen_officer)
    assert open_self_check(district=tongliang, year=2026, by=liu_officer).state == "draft"
    with pytest.raises(Conflict, match="已经开启"):
        open_self_check(district=tongliang, year=2026, by=wu_manager)


def test_the_database_allows_one_self_check_per_unit_and_year(self_check: SelfCheck) -> None:
    twin = SelfCheck.objects.get(pk=self_check.pk)
    twin.pk = None
    with pytest.raises(IntegrityError), transaction.atomic():
        twin.save(force_insert=True)


def test_before_any_standard_was_in_force_nothing_opens(reference: None, wu_manager: User) -> None:
    with pytest.raises(Conflict, match="标准"):
        open_year(year=2016, due_on=date(2016, 12, 1), fill_from=date(2016, 9, 1), by=wu_manager)


def test_m70_the_due_day_counts_until_its_end(self_check: SelfCheck) -> None:
    assert not self_check.is_overdue(DUE_ON)
    assert self_check.days_left(DUE_ON) == 0
    assert self_check.is_overdue(date(2026, 12, 16))


def test_m70_a_leap_day_is_a_due_day_until_midnight_in_the_city(
    self_check: SelfCheck, wu_manager: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    leap = date(2028, 2, 29)
    move(leap, wu_manager)
    self_check.refresh_from_db()
    assert self_check.days_left(date(2028, 2, 28)) == 1
    for moment, day, is_late in (
        (datetime(2028, 2, 29, 15, 59, 59, tzinfo=UTC), leap, False),
        (datetime(2028, 2, 29, 16, 0, 0, tzinfo=UTC), date(2028, 3, 1), True),
    ):
        monkeypatch.setattr(timezone, "now", lambda moment=moment: moment)
        assert timezone.localdate() == day
        assert self_check.is_overdue(timezone.localdate()) is is_late


def test_an_abolished_unit_is_not_opened(reference: None, wu_manager: User) -> None:
    set_deadline(year=2026, due_on=DUE_ON, fill_from=FILL_FROM, by=wu_manager)
    with pytest.raises(Conflict, match="撤并"):
        open_self_check(district=District.objects.get(name="江北区"), year=2026, by=wu_manager)
