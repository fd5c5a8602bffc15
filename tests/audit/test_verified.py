"""Verifying a record that is written meanwhile, and what the auditor is told of the last time."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import override

from audit import periodic, services, verification
from audit.models import ChainHead, Entry, JobRun
from audit.services import record, verify
from districts.models import District, User
from districts.services.units import update_district
from tests.reader import links, words

pytestmark = pytest.mark.django_db
NOW = timezone.now().replace(microsecond=0)


def run(is_ok: bool, outcome: str = "", begun: Any = NOW, ended: Any = NOW) -> None:
    told = {"is_ok": is_ok, "outcome": outcome, "started_at": begun, "finished_at": ended}
    JobRun.objects.create(job="audit_verify", **told)


def verified(at: Any) -> str:
    ChainHead.objects.update(verified_at=at)
    return date_format(timezone.localtime(at), "DATETIME_FORMAT")


@pytest.fixture
def told(reference: None, signed_in: Any, he_auditor: User) -> Any:
    return lambda: words(signed_in(he_auditor).get("/admin/"))


def test_what_is_written_while_it_is_read_is_no_difference(
    shapingba: District, wu_manager: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    read = verification._last_seals

    def meanwhile() -> Any:
        last = read()
        update_district(district=shapingba, by=wu_manager, subregion="别处")
        return last

    monkeypatch.setattr(verification, "_last_seals", meanwhile)
    assert list(verification.differences_of_rows()) == []
    monkeypatch.setattr(verification, "_last_seals", read)
    District._base_manager.filter(pk=shapingba.pk).update(subregion="改过")
    assert [found.key for found in verification.differences_of_rows()] == [str(shapingba.pk)]


def test_an_entry_added_during_the_walk_belongs_to_the_chain(
    reference: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    look, last = services._fault_of, Entry.objects.latest("number").number

    def meanwhile(entry: Entry, previous: str) -> str:
        if entry.number == last:
            with transaction.atomic():
                record(action="test.meanwhile", by=None)
        return look(entry, previous)

    monkeypatch.setattr(services, "_fault_of", meanwhile)
    assert verify() is None


def test_the_auditor_reads_that_all_was_as_recorded_and_who_looked(told: Any) -> None:
    at = verified(NOW)
    run(True)
    assert "全部相符" in told()
    assert f"上次全部相符是 {at}，由定期工作核对。" in told()
    verified(NOW + timedelta(seconds=1))
    assert "由 manage.py audit_verify 核对。" in told()


def test_the_auditor_reads_of_a_failure_until_it_was_verified_again(told: Any) -> None:
    verified(NOW - timedelta(days=1))
    run(False, "有 1 处与审计记录不符。")
    assert "有 1 处与审计记录不符。" in told()
    assert "从备份核对" in told()
    verified(NOW + timedelta(seconds=1))
    assert "从备份核对" not in told()


@pytest.mark.parametrize(("days", "is_old"), [(1, False), (3, True), (None, True)])
def test_the_auditor_reads_that_it_is_long_ago(
    told: Any, signed_in: Any, he_auditor: User, days: int | None, is_old: bool
) -> None:
    if days:
        verified(NOW - timedelta(days=days))
    assert ("核对应每天做一次" in told()) is is_old
    assert ("还没有核对出全部相符过" in told()) is (days is None)
    assert "/admin/jobs/#jobs-periodic" in links(signed_in(he_auditor).get("/admin/"))


def test_others_are_not_told(reference: None, signed_in: Any, wu_manager: User) -> None:
    assert "审计记录的核对" not in signed_in(wu_manager).get("/admin/").text


def test_a_failure_is_told_in_the_language_of_its_reader(
    reference: None, signed_in: Any, he_auditor: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(services, "verify", lambda: services.Break(7, "missing"))
    job = periodic.JOBS["audit_verify"]
    JobRun.objects.create(job=job.name, started_at=NOW)
    failed = periodic._run(job)
    assert "审计链在第 7 条断开（缺少这一条）" in job.told(failed)
    page = words(signed_in(he_auditor).get("/en/admin/"))
    assert "审计链在" not in page
    with override("en"):
        assert job.told(failed) in page
        assert "7" in job.told(failed)
