"""One running portal and one browser for all journeys; every journey has a fresh visitor."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser

from tests.journeys.budgets import HEAD, TOOK, beyond, line
from tests.journeys.clerk import OPEN
from tests.journeys.portal import Portal, running_portal
from tests.journeys.typist import Typist
from tests.journeys.visitor import Visitor, browser_path, open_browser, visitor


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.journey)
            if browser_path() is None:
                item.add_marker(pytest.mark.skip(reason="no Chromium: make test installs it"))
            if "within" in getattr(item, "fixturenames", ()):
                item.add_marker(pytest.mark.budget)


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """The journeys with a budget: what each took, before the most it may take."""
    reports = [each for kind in ("passed", "failed") for each in terminalreporter.getreports(kind)]
    took = [told for each in reports for name, told in each.user_properties if name == TOOK]
    if took:
        terminalreporter.write_line(HEAD)
    for journey, counts in sorted(took, key=lambda told: (len(told[0].split()[0]), told[0])):
        terminalreporter.write_line(line(journey, counts))


@pytest.fixture(scope="package")
def portal(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Portal]:
    with running_portal(tmp_path_factory.mktemp("portal")) as running:
        yield running


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    with open_browser() as opened:
        yield opened


@pytest.fixture
def visit(portal: Portal, browser: Browser) -> Iterator[Callable[..., Visitor]]:
    """A function: a fresh visitor, optionally with ``width=`` and ``scripts=False``."""
    with ExitStack() as stack:

        def come(**habits: Any) -> Visitor:
            return stack.enter_context(visitor(portal, browser, **habits))

        yield come


@pytest.fixture
def typist(visit: Callable[..., Visitor]) -> Callable[..., Typist]:
    """A function: a fresh visitor without a mouse."""
    return lambda **habits: visit(kind=Typist, **habits)  # type: ignore[return-value]


@pytest.fixture
def within(record_property: Callable[[str, Any], None]) -> Callable[[str, Visitor], None]:
    """A function: this journey kept within its budget and took at most a tenth more than before."""

    def _within(journey: str, reader: Visitor) -> None:
        counts = reader.counts()
        record_property(TOOK, (journey, counts))
        assert beyond(journey, counts) == []

    return _within


@pytest.fixture
def task(portal: Portal) -> Callable[[str, int], str]:
    """A function: open a district's self-check of a year and give the address of its tasks."""

    def _task(code: str, year: int) -> str:
        portal.manage("shell", "-c", OPEN.format(code=code, year=year))
        return f"/self-checks/{code}-{year}/"

    return _task
