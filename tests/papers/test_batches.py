"""Many documents at once: who asks, how far it has come, what is in the zip, what is not."""

from datetime import timedelta
from io import BytesIO
from typing import Any
from zipfile import ZipFile

import pytest
from django.utils import timezone

from audit.models import Entry
from audit.refusals import Conflict, NotAllowed, Unusable
from districts.models import User
from papers.models import Batch, BatchState
from papers.names import Name
from papers.services import batches
from papers.services.batches import ask, restart, sweep, work_on
from selfchecks.models import SelfCheck
from tests.papers.conftest import words_of


def made(by: User, **asked: Any) -> Batch:
    batch = work_on(key=ask(by=by, **asked).pk, by=None)
    assert batch is not None
    return batch


def test_all_units_come_in_one_zip(reference: None, zhou_inspector: User) -> None:
    batch = made(zhou_inspector, kind=Name.UNIT_REPORT)
    with ZipFile(BytesIO(bytes(batch.content))) as archive:
        names = archive.namelist()
        text = words_of(archive.read("单位情况报告-500106.docx"))
    assert len(names) == len(batch.references) == batch.made >= 39
    assert batch.failures == {}
    assert "沙坪坝" in text
    entries = Entry.objects.filter(action__startswith="batch.").order_by("number")
    assert [entry.action for entry in entries] == ["batch.ask", "batch.finish"]


def test_what_cannot_be_made_is_listed_with_its_reason(
    self_check: SelfCheck, zhou_inspector: User
) -> None:
    batch = made(zhou_inspector, kind=Name.OPINION, year=2026)
    assert (batch.state, batch.made) == (BatchState.DONE, 1)
    assert "还没有复核决定" in batch.failures["500106-2026"]


@pytest.mark.parametrize(
    ("asked", "field"),
    [
        ({"kind": Name.RECEIPT}, "kind"),
        ({"kind": "letter"}, "kind"),
        ({"kind": Name.OPINION, "year": 1999}, "year"),
    ],
)
def test_what_cannot_be_asked_for_is_refused(
    reference: None, zhou_inspector: User, asked: dict[str, Any], field: str
) -> None:
    with pytest.raises(Unusable) as refused:
        ask(by=zhou_inspector, **asked)
    assert field in refused.value.fields


def test_districts_and_auditors_ask_for_none(
    reference: None, chen_officer: User, zhou_inspector: User
) -> None:
    with pytest.raises(NotAllowed):
        ask(kind=Name.UNIT_REPORT, by=chen_officer)
    batch = ask(kind=Name.UNIT_REPORT, by=zhou_inspector)
    assert not Batch.objects.visible_to(chen_officer).exists()
    assert Batch.objects.visible_to(zhou_inspector).get() == batch


def test_one_batch_is_worked_on_by_one_worker(reference: None, zhou_inspector: User) -> None:
    batch = ask(kind=Name.UNIT_REPORT, by=zhou_inspector)
    Batch.objects.filter(pk=batch.pk).update(busy_until=timezone.now() + timedelta(minutes=1))
    assert work_on(key=batch.pk, by=None) is None
    batch.refresh_from_db()
    with pytest.raises(Conflict, match="正在生成"):
        restart(batch=batch, by=zhou_inspector)
    Batch.objects.filter(pk=batch.pk).update(busy_until=timezone.now() - timedelta(minutes=1))
    batch.refresh_from_db()
    assert batch.is_stale
    restart(batch=batch, by=zhou_inspector)
    done = work_on(key=batch.pk, by=None)
    assert done is not None
    with pytest.raises(Conflict, match="已经生成"):
        restart(batch=done, by=zhou_inspector)


def test_files_are_let_go_after_a_week(
    reference: None, zhou_inspector: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    batch = made(zhou_inspector, kind=Name.UNIT_REPORT)
    assert sweep() == 0
    monkeypatch.setattr(batches, "KEPT", timedelta(seconds=-1))
    assert sweep() == 1
    batch.refresh_from_db()
    assert (batch.state, batch.content) == (BatchState.FORGOTTEN, None)


def test_the_pages_ask_watch_and_give(
    reference: None, zhou_inspector: User, chen_officer: User, signed_in: Any
) -> None:
    client = signed_in(zhou_inspector)
    assert client.post("/papers/batches/", {"kind": "receipt"}).status_code == 422
    sent = client.post("/papers/batches/", {"kind": "unit-report", "year": ""})
    assert sent.status_code == 302
    page = client.get(sent["Location"])
    assert page["Refresh"]
    assert client.get(f"{sent['Location']}zip/").status_code == 404
    assert client.post(sent["Location"]).status_code == 302
    batch = Batch.objects.get()
    work_on(key=batch.pk, by=None)
    page = client.get(sent["Location"])
    assert "Refresh" not in page
    assert client.get(f"{sent['Location']}zip/").content.startswith(b"PK")
    assert f"/papers/batches/{batch.pk}/" in client.get("/papers/batches/").content.decode()
    Batch.objects.filter(pk=batch.pk).update(content=b"PK other")
    assert client.get(f"{sent['Location']}zip/").status_code == 409
    assert signed_in(chen_officer).get(sent["Location"]).status_code == 403


def test_m19_one_person_has_so_many_files_at_most(
    reference: None,
    zhou_inspector: User,
    wu_manager: User,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Whoever has more made loses the oldest file of her own and nobody else's."""
    monkeypatch.setattr(batches, "MOST", 2)
    others = made(wu_manager, kind=Name.UNIT_REPORT)
    own = [made(zhou_inspector, kind=Name.UNIT_REPORT) for _each in range(3)]
    states = dict(Batch.objects.values_list("pk", "state"))
    assert [states[batch.pk] for batch in own] == ["forgotten", "done", "done"]
    assert states[others.pk] == "done"
    own[0].refresh_from_db()
    assert own[0].content is None
    assert own[0].sha256
    assert Entry.objects.filter(action="batch.forget", object_id=str(own[0].pk)).count() == 1
