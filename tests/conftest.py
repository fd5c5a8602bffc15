"""Named people and places for every test; states are reached through services."""

import gc
import signal
from collections.abc import Callable, Generator, Iterator
from datetime import date
from io import StringIO
from typing import Any

import pytest
from django.apps import apps
from django.conf import settings
from django.core.cache import caches
from django.core.management import call_command
from django.db import connection, transaction
from django.db.models import Model
from django.test import Client
from django.utils import translation
from django_tasks_db.management.commands import db_worker
from hypothesis import HealthCheck
from hypothesis import settings as properties
from pytest_django import DjangoDbBlocker

from audit import claims, shown
from chongqing_eval.environment import Environment
from districts.models import District, User
from districts.roles import Role
from districts.scope import ACCOUNTS, CITY, DISTRICT
from districts.services.people import create_token
from tests.dealing import Dealer, drawn, in_order, touches_database
from tests.rounds import repeated

# Whether a property holds does not depend on how busy the machine is.
properties.register_profile("ours", deadline=None, suppress_health_check=[HealthCheck.too_slow])
properties.load_profile("ours")
# Nor does what is kept for a minute end while a slow test counts.
READ, shown.READ = shown.READ, 24 * 3600

PASSWORD = "correct-horse-battery-7"  # noqa: S105
TODAY = date(2026, 11, 23)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--touching-database",
        action="store_true",
        help="only tests that use a database, and of the journeys those that write",
    )
    parser.addoption(
        "--every",
        type=int,
        default=1,
        help="of the tests that --touching-database runs elsewhere only one in so many, by name",
    )
    parser.addoption(
        "--workflow-runs",
        type=int,
        default=4,
        help="how many runs of up to 50 steps the workflow's state machine makes",
    )
    parser.addoption(
        "--alterations",
        type=int,
        default=250,
        help="how many random alterations of stored rows are tried",
    )
    parser.addoption(
        "--times",
        type=int,
        default=1,
        help="how many times as much random input, and how many rounds of each race",
    )


@pytest.fixture
def times(request: pytest.FixtureRequest) -> int:
    return int(request.config.getoption("--times"))


@pytest.hookimpl(wrapper=True)
def pytest_pyfunc_call(pyfuncitem: pytest.Function) -> Generator[None, object, object]:
    """A race is run as often as asked, each time from where its fixtures have led."""
    times = pyfuncitem.config.getoption("--times")
    if times > 1 and pyfuncitem.get_closest_marker("race") and connection.vendor == "postgresql":
        pyfuncitem.obj = repeated(pyfuncitem.obj, times)
    return (yield)


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    every = config.getoption("--every")
    chosen = in_order(items)
    if config.getoption("--touching-database"):
        chosen = [item for item in chosen if touches_database(item)]
    elif every > 1:
        chosen = [item for item in chosen if not touches_database(item) or drawn(item, every)]
    left = set(chosen)
    config.hook.pytest_deselected(items=[item for item in items if item not in left])
    items[:] = chosen


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: object) -> Dealer:
    return Dealer(config, log)


def pytest_collection_finish() -> None:
    """Everything loaded by now stays: looking through it again and again is a tenth of the time."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 10, 10)


@pytest.fixture(autouse=True)
def _nothing_kept() -> None:
    """Pages kept for a minute belong to the test that asked for them."""
    for shelf in caches.all(initialized_only=True):
        shelf.clear()


@pytest.fixture
def kept_answers(settings: Any) -> None:
    """Answers for everybody are kept as in production, though not those of earlier tests."""
    settings.CACHES = Environment(settings.BASE_DIR).caches()
    for shelf in caches.all():
        shelf.clear()


@pytest.fixture(autouse=True)
def _in_chinese() -> Iterator[None]:
    """A page under /en/ leaves its language to the thread; the next test begins in Chinese."""
    with translation.override(settings.LANGUAGE_CODE):
        yield


_reference_rows: list[tuple[type[Model], list[Model]]] = []


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> None:
    """The test database with the reference data in it, below every test's own transaction."""
    with django_db_blocker.unblock():
        call_command("load_reference", verbosity=0, stdout=StringIO())
        _reference_rows.extend(_rows_of_the_project())


@pytest.fixture
def reference(db: None) -> None:
    """The 41 units, the plan of 2022, steps and public certifications.

    Only a test that commits empties the tables behind it; the next one puts the same rows back.
    """
    if not District.objects.exists():
        with transaction.atomic():  # rows point at each other; the database checks at the end
            for model, rows in _reference_rows:
                model._base_manager.bulk_create(rows)


@pytest.fixture
def empty_tables(db: None) -> None:
    """For tests that begin with nothing: the reference data is gone until the test is over."""
    with transaction.atomic(), connection.cursor() as cursor:
        for model, _rows in reversed(_reference_rows):
            cursor.execute(f"DELETE FROM {connection.ops.quote_name(model._meta.db_table)}")


def _rows_of_the_project() -> Iterator[tuple[type[Model], list[Model]]]:
    for model in apps.get_models():
        rows = list(model._base_manager.all())
        if rows and not model.__module__.startswith("django."):
            yield model, rows


@pytest.fixture
def shapingba(reference: None) -> District:
    return District.objects.get(code="500106")


@pytest.fixture
def tongliang(reference: None) -> District:
    return District.objects.get(code="500151")


def person(
    username: str, name: str, role: str, district: District | None = None, office: str = ""
) -> User:
    return User.objects.create_user(
        username,
        PASSWORD,
        display_name=name,
        role=role,
        reach=DISTRICT if district else ACCOUNTS if role == Role.KEEPER else CITY,
        district=district,
        office=office,
    )


@pytest.fixture
def chen_officer(shapingba: District) -> User:
    """陈静, who fills in the workbook of 沙坪坝区."""
    return person("officer_500106", "陈静", Role.OFFICER, shapingba)


@pytest.fixture
def zhao_signatory(shapingba: District) -> User:
    """赵明, who signs for 沙坪坝区."""
    return person("signatory_500106", "赵明", Role.SIGNATORY, shapingba)


@pytest.fixture
def liu_officer(tongliang: District) -> User:
    """刘洋, who fills in the workbook of 铜梁区."""
    return person("officer_500151", "刘洋", Role.OFFICER, tongliang)


@pytest.fixture
def he_planning(shapingba: District) -> User:
    """贺岭, of the planning office of 沙坪坝区."""
    return person("planning_500106", "贺岭", Role.DEPARTMENT, shapingba, office="planning")


@pytest.fixture
def li_finance(shapingba: District) -> User:
    """黎川, of the finance office of 沙坪坝区."""
    return person("finance_500106", "黎川", Role.DEPARTMENT, shapingba, office="finance")


@pytest.fixture
def zhou_inspector(reference: None) -> User:
    """周岚, municipal inspector."""
    return person("inspector", "周岚", Role.INSPECTOR)


@pytest.fixture
def sun_inspector(reference: None) -> User:
    """孙健, the other municipal inspector."""
    return person("inspector2", "孙健", Role.INSPECTOR)


@pytest.fixture
def wu_manager(reference: None) -> User:
    """吴敏, municipal manager."""
    return person("manager", "吴敏", Role.MANAGER)


@pytest.fixture
def yang_keeper(reference: None) -> User:
    """杨帆, who keeps the accounts and sees nothing else."""
    return person("keeper", "杨帆", Role.KEEPER)


@pytest.fixture
def he_auditor(reference: None) -> User:
    """何磊, auditor."""
    return person("auditor", "何磊", Role.AUDITOR)


@pytest.fixture
def data_system(reference: None) -> User:
    """教育数据平台, a system that calls the API."""
    return person("data_system", "教育数据平台", Role.CLIENT)


@pytest.fixture
def signed_in() -> Any:
    """A function: a browser session of the given person."""

    def _signed_in(user: User) -> Client:
        client = Client()
        client.force_login(user)
        return client

    return _signed_in


@pytest.fixture
def bearer() -> Any:
    """A function: an API client carrying a fresh token of the given person."""

    def _bearer(user: User, *scopes: str, district: District | None = None) -> Client:
        _token, text = create_token(
            user=user, scopes=scopes or ("read",), by=user, district=district
        )
        return Client(headers={"Authorization": f"Bearer {text}"})

    return _bearer


@pytest.fixture
def worker(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[], None]]:
    """A function: do what is queued, in this process and on the test's own connection."""
    monkeypatch.setattr(db_worker, "close_old_connections", lambda: None)
    monkeypatch.setattr(claims, "EVERY", 3600.0)  # another connection does not see the test's rows
    kept = {
        each: signal.getsignal(each) for each in (signal.SIGINT, signal.SIGTERM, signal.SIGQUIT)
    }
    yield lambda: call_command("work", once=True)
    for each, handler in kept.items():
        signal.signal(each, handler)
