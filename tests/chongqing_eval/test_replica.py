"""Who reads the replica, and when nobody does (a real one: see tests/test_cluster.py)."""

from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.db import OperationalError
from django.http import HttpResponse
from django.test import RequestFactory

from chongqing_eval import replica
from chongqing_eval.environment import Environment
from chongqing_eval.places import databases
from chongqing_eval.replica import REPLICA, ReplicaMiddleware, Router, Watch
from districts.models import District
from tests.source import ROOT

READ = Router().db_for_read


@pytest.fixture(autouse=True)
def close_by(settings: Any, monkeypatch: pytest.MonkeyPatch) -> Watch:
    """A portal with a replica that is close behind."""
    monkeypatch.setitem(settings.DATABASES, REPLICA, {})
    watch = Watch()
    watch.is_close, watch.next = True, float("inf")
    monkeypatch.setattr(replica, "WATCH", watch)
    return watch


class Pages:
    """In the portal's place: notes where each request reads; the replica may fail it."""

    def __init__(self, *failing: int) -> None:
        self.read: list[Any] = []
        self.failing = failing

    def __call__(self, request: Any) -> HttpResponse:
        self.read.append(READ(District))
        is_failing = self.read[-1] == REPLICA and self.failing
        return HttpResponse(status=self.failing[0] if is_failing else 200)


def test_where_a_request_reads_is_settled_before_anything_is_read(settings: Any) -> None:
    """Else an answer of the replica could be kept as if it told of the database's state."""
    outside = settings.MIDDLEWARE[
        : settings.MIDDLEWARE.index(replica.__name__ + ".ReplicaMiddleware")
    ]
    assert set(outside) <= {
        "rest.middleware.ClientAddressMiddleware",
        "rest.middleware.RequestIdMiddleware",
        "chongqing_eval.compression.CompressionMiddleware",
        "rest.going.GoingMiddleware",
    }


def test_public_pages_read_it_and_leave_no_trace_of_that() -> None:
    pages = Pages()
    for path in ("/", "/en/roadmap/", "/api/v1/districts/"):
        ReplicaMiddleware(pages)(RequestFactory().get(path))
    assert pages.read == [REPLICA] * 3
    assert READ(District) is None
    assert Router().db_for_write(District) == "default"
    assert Router().allow_migrate(REPLICA, "districts") is False


@pytest.mark.parametrize("path", ["/readyz", "/accounts/login/", "/en/accounts/login/", "/admin/"])
def test_what_is_no_public_page_does_not(path: str) -> None:
    pages = Pages()
    ReplicaMiddleware(pages)(RequestFactory().get(path))
    assert pages.read == [None]


def test_who_is_signed_in_or_has_a_token_does_not(settings: Any) -> None:
    pages, factory = Pages(), RequestFactory()
    factory.cookies[settings.SESSION_COOKIE_NAME] = "somebody"
    ReplicaMiddleware(pages)(factory.get("/"))
    ReplicaMiddleware(pages)(RequestFactory().get("/", headers={"Authorization": "Bearer x"}))
    assert pages.read == [None, None]


def test_who_has_just_sent_something_reads_what_came_of_it() -> None:
    pages, factory = Pages(), RequestFactory()
    answer = ReplicaMiddleware(pages)(factory.post("/feedback/"))
    cookie = answer.cookies[replica.WROTE]
    assert (cookie["max-age"], cookie["httponly"]) == (10, True)
    factory.cookies[replica.WROTE] = cookie.value
    ReplicaMiddleware(pages)(factory.get("/feedback/"))
    assert pages.read == [None, None]


@pytest.mark.parametrize("status", [500, 503])
def test_m76_what_fails_there_is_read_again_where_it_is_written(
    close_by: Watch, status: int
) -> None:
    pages = Pages(status)
    answer = ReplicaMiddleware(pages)(RequestFactory().get("/"))
    assert (answer.status_code, pages.read) == (200, [REPLICA, None])
    assert not close_by.is_close


@pytest.fixture
def logs(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """How far the log has come in both; an exception is raised."""
    found: dict[str, Any] = {"default": 100, REPLICA: 100, "now": 1000.0}

    def position(alias: str, function: str) -> Any:
        if isinstance(found[alias], Exception):
            raise found[alias]
        return found[alias]

    monkeypatch.setattr(replica, "position", position)
    monkeypatch.setattr(replica.time, "monotonic", lambda: found["now"])
    return found


def later(watch: Watch, logs: dict[str, Any], seconds: float, **positions: Any) -> bool:
    logs.update(positions, now=logs["now"] + seconds)
    return watch.says_close()


def test_it_is_close_when_it_has_what_the_database_had_a_second_ago(logs: dict[str, Any]) -> None:
    watch = Watch()
    assert not watch.says_close()  # nothing is known yet
    assert later(watch, logs, 1.1, default=500)
    assert not later(watch, logs, 1.1, default=600)  # it still has 100
    assert later(watch, logs, 0.5, replica=600) is False  # asked once a second
    assert later(watch, logs, 0.6)
    assert not later(watch, logs, 60)  # what was known is too old


def test_m76_away_it_is_left_alone_for_a_while(logs: dict[str, Any]) -> None:
    watch = Watch()
    watch.says_close()
    assert later(watch, logs, 1.1)
    assert not later(watch, logs, 1.1, replica=OperationalError("gone"))
    assert not later(watch, logs, 4.0, replica=100)
    assert not later(watch, logs, 1.1)  # back: from now on it is known what it must have
    assert later(watch, logs, 1.1)


def test_m76_while_the_database_is_away_public_pages_go_on(logs: dict[str, Any]) -> None:
    watch = Watch()
    watch.says_close()
    assert later(watch, logs, 1.1)
    assert later(watch, logs, 1.1, default=OperationalError("gone"))
    assert later(watch, logs, 60)


def test_what_is_no_standby_is_never_read(logs: dict[str, Any]) -> None:
    watch = Watch()
    assert not watch.says_close()
    assert not later(watch, logs, 1.1, replica=None)


@pytest.mark.parametrize(
    ("database", "url", "sentence"),
    [
        ("postgresql://a@b/c", "mysql://a@b/c", "DATABASE_REPLICA_URL 应以 postgresql"),
        ("", "postgresql://a@b/c", "DATABASE_URL 也应是 PostgreSQL"),
    ],
)
def test_m88_a_replica_of_nothing_is_refused(
    monkeypatch: pytest.MonkeyPatch, database: str, url: str, sentence: str
) -> None:
    monkeypatch.setenv("DATABASE_URL", database)
    monkeypatch.setenv("DATABASE_REPLICA_URL", url)
    with pytest.raises(ImproperlyConfigured, match=sentence):
        databases(Environment(ROOT))
