"""Who looked and who took files away is in the trail, once a day."""

from typing import Any

import pytest
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext

from audit.models import Entry
from audit.reading import TAKE, VIEW, note_reading
from districts.models import District, User
from selfchecks.models import SelfCheck
from selfchecks.services.opening import open_year
from tests.districts.clock import Clock
from tests.reader import tables, words
from tests.selfchecks.conftest import DUE_ON, FILL_FROM


@pytest.fixture(autouse=True)
def _noting(settings: Any) -> None:
    settings.AUDIT_READING = True


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    return Clock(monkeypatch)


@pytest.fixture
def opened(chen_officer: User, zhou_inspector: User) -> str:
    """The year of 沙坪坝区, as addresses name it."""
    units = [chen_officer.district]
    open_year(year=2026, due_on=DUE_ON, fill_from=FILL_FROM, by=zhou_inspector, districts=units)
    return "500106-2026"


def found() -> list[tuple[str, str, str, str]]:
    entries = Entry.objects.filter(action__in=(VIEW, TAKE)).order_by("number")
    return [(e.action, e.actor, e.district_code, e.changes["path"]) for e in entries]


def test_a_unit_is_noted_once_a_day_for_each_person(
    signed_in: Any, zhou_inspector: User, chen_officer: User, opened: Any, clock: Clock
) -> None:
    inspector, officer = signed_in(zhou_inspector), signed_in(chen_officer)
    for client in (inspector, officer, inspector):
        assert client.get(f"/self-checks/{opened}/").status_code == 200
        assert client.get(f"/self-checks/{opened}/trail/").status_code == 200
    path = f"/self-checks/{opened}/"
    assert found() == [
        (VIEW, "inspector", "500106", path),
        (VIEW, "officer_500106", "500106", path),
    ]
    assert Entry.objects.filter(action=VIEW)[0].address == "127.0.0.1"
    cache.clear()  # another worker
    inspector.get(path)
    assert len(found()) == 2
    clock.let_pass(days=1)
    signed_in(zhou_inspector).get(path)
    assert len(found()) == 3


def test_over_rest_too(bearer: Any, zhou_inspector: User, opened: Any) -> None:
    client = bearer(zhou_inspector)
    for _time in range(3):
        assert client.get("/api/v1/self-checks/").status_code == 200
    assert client.get("/api/v1/self-checks/?format=csv").status_code == 200
    path = "/api/v1/self-checks/"
    assert found() == [(VIEW, "inspector", "", path), (TAKE, "inspector", "", path)]


def test_what_is_for_everybody_is_not(
    client: Any, signed_in: Any, chen_officer: User, zhou_inspector: User, reference: None
) -> None:
    for reader in (client, signed_in(chen_officer)):
        for path in ("/", "/api/v1/districts/", "/api/v1/districts/?format=csv", "/nothing/"):
            reader.get(path)
    signed_in(chen_officer).get("/accounts/password/")
    signed_in(zhou_inspector).get("/admin/jsi18n/")
    client.get("/self-checks/")
    assert found() == []


def test_exports_of_the_admin_are(signed_in: Any, he_auditor: User) -> None:
    client = signed_in(he_auditor)
    answer = client.post("/admin/audit/entry/export/", {"format": "1"})
    assert answer["Content-Disposition"].startswith("attachment")
    assert found() == [(TAKE, "auditor", "", "/admin/audit/entry/export/")]


def test_the_first_use_of_a_token_is_noted(bearer: Any, zhou_inspector: User) -> None:
    client = bearer(zhou_inspector)
    for _time in range(2):
        client.get("/api/v1/districts/")
    entry = Entry.objects.get(action="token.use")
    assert (entry.actor, entry.address) == ("inspector", "127.0.0.1")
    assert entry.object_type == "districts.apitoken"


@pytest.mark.parametrize(
    ("path", "told"),
    [
        ("/self-checks/500106-2026/trail/", "沙坪坝区 2026 年度自查"),
        ("/en/self-checks/500106-2026/", "沙坪坝区 2026 年度自查"),
        ("/admin/selfchecks/selfcheck/board/", "各区县进展"),
        ("/ledger/", "问题台账"),
        ("/admin/districts/user/7/change/", "账号 7"),
        ("/api/v1/self-checks/", "/api/v1/self-checks/"),
        ("/en/visits/", "实地查看"),
        ("/look-backs/3/", "回头看 3"),
        ("/admin/indicators/", "指标与标准"),
        ("/gone/", "/gone/"),
    ],
)
def test_the_auditor_reads_what_was_looked_at(
    signed_in: Any,
    he_auditor: User,
    wu_manager: User,
    shapingba: District,
    path: str,
    told: str,
) -> None:
    entry = note_reading(action=VIEW, by=wu_manager, unit="500106", path=path)
    client = signed_in(he_auditor)
    row = tables(client.get("/admin/audit/entry/?action=data.view"))[-1][1]
    assert row[:1] + row[-2:-1] == [str(entry.number), told]
    assert told in words(client.get(f"/admin/audit/entry/{entry.pk}/change/"))


@pytest.mark.parametrize(
    ("prefix", "told"),
    [("", "沙坪坝区 2026 年度自查"), ("/en", "Self-check of Shapingba 沙坪坝区 for 2026")],
)
def test_a_self_check_is_named_by_unit_and_year_without_a_question_for_each(
    signed_in: Any,
    he_auditor: User,
    wu_manager: User,
    opened: str,
    kept_answers: None,
    prefix: str,
    told: str,
) -> None:
    row = f"/admin/selfchecks/selfcheck/{SelfCheck.objects.get().pk}/"
    auditor, counts = signed_in(he_auditor), []
    for part in ("change/", "history/", "delete/"):
        note_reading(action=VIEW, by=wu_manager, unit="", path=row + part)
        with CaptureQueriesContext(connection) as asked:
            page = auditor.get(f"{prefix}/admin/audit/entry/?action=data.view&actor=manager")
        counts.append(len(asked))
        assert all(told in row for row in tables(page)[-1][1:])
    assert counts[1] == counts[2]
    unit = "Shapingba 沙坪坝区" if prefix else "沙坪坝区"
    rows = tables(auditor.get(f"{prefix}/admin/audit/entry/?district_code=500106"))[-1][1:]
    assert rows
    assert all(unit in row for row in rows)
