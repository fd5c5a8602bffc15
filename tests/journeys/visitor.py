"""A person at a browser, who also notes what the browser complains about."""

import os
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

import pytest
from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Error,
    Locator,
    Page,
    Response,
    sync_playwright,
)

from preflight import BROWSERS
from tests.journeys.counted import TOOK
from tests.journeys.portal import Portal

HERE = Path(__file__).parent
# Neither markup nor a script depends on the database: both are looked at once, on SQLite.
LOOKS_AT_MARKUP = not os.environ.get("DATABASE_URL", "").startswith("postgres")
markup_only = pytest.mark.skipif(
    not LOOKS_AT_MARKUP, reason="markup does not depend on the database"
)
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run"]
HEIGHT = 800
PATIENCE = 180_000  # milliseconds for a page: others may use the machine
UNFOLD = "document.querySelectorAll('details').forEach(fold => fold.open = true)"
COUNTED = ("clicks", "pages", "bytes", "queries", "ms")
NOTHING: dict[str, float] = dict.fromkeys(COUNTED, 0)
REDIRECTS = (301, 302, 303, 307, 308)
Scheme = Literal["light", "dark"]
SCHEMES: tuple[Scheme, ...] = ("light", "dark")
# Without preloading: axe would apply style sheets inline, which the policy rightly refuses.
# What is folded away stands open meanwhile, of many folds the first: axe judges what is drawn.
AXE = """async () => {
    const folds = [...document.querySelectorAll("details:not([open])")].slice(0, 20);
    const open = isOpen => folds.forEach(fold => fold.open = isOpen);
    open(true);
    const { violations } = await axe.run({preload: false});
    open(false);
    return violations.map(v => v.id + ": " + v.help + " — "
        + v.nodes.slice(0, 3).map(n => n.html.slice(0, 160)).join(" | "));
}"""


def browser_path() -> str | None:
    return next(filter(None, map(shutil.which, BROWSERS)), None)


@contextmanager
def open_browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=browser_path(), args=FLAGS)
        yield browser
        browser.close()


@dataclass
class Visitor:
    """``complaints`` collects console errors, page errors and content policy violations."""

    portal: Portal
    page: Page
    complaints: list[str] = field(default_factory=list)
    clicks: int = 0
    pages: int = 0
    bytes: float = 0  # of everything that came, compressed as it was
    queries: int = 0
    ms: int = 0  # of the portal, for all that was asked

    def __post_init__(self) -> None:
        session = self.page.context.new_cdp_session(self.page)
        session.on("Network.loadingFinished", self._weigh)
        session.send("Network.enable")
        self.page.on("response", self._count)
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("console", self._note)
        self.page.on("response", self._note_missing)

    def _note(self, message: ConsoleMessage) -> None:
        is_status = message.text.startswith(
            "Failed to load resource"
        )  # told with its address below
        if message.type in {"error", "warning"} and not is_status:
            self.complaints.append(message.text)

    def _note_missing(self, response: Response) -> None:
        """A page may answer with an error on purpose; what belongs to it must be there."""
        if response.status >= 400 and response.request.resource_type != "document":
            self.complaints.append(f"{response.status} {response.url}")

    def _weigh(self, event: dict[str, float]) -> None:
        self.bytes += event["encodedDataLength"]

    def _count(self, response: Response) -> None:
        queries, ms = response.headers.get(TOOK, "0 0").split()
        self.queries += int(queries)
        self.ms += int(ms)
        is_page = response.request.is_navigation_request() and response.status not in REDIRECTS
        self.pages += is_page and "content-disposition" not in response.headers

    def counts(self) -> dict[str, float]:
        return {name: getattr(self, name) for name in COUNTED}

    def count_from(self, counts: dict[str, float] = NOTHING) -> None:
        """Begin a journey here, or go on as if what came since had been no part of it."""
        vars(self).update(counts)

    def visit(self, path: str) -> int:
        """Go to an address; the status it answers with."""
        response = self.page.goto(self.portal.origin + path)
        return response.status if response else 0

    def click(self, role: str, name: str) -> None:
        """Click what leads to another page."""
        self.press(self.page.get_by_role(role, name=name).first)  # type: ignore[arg-type]

    def press(self, control: Locator) -> None:
        """Click and wait for the page it leads to; a click alone returns on the old one."""
        with self.page.expect_navigation():
            self.push(control)

    def push(self, control: Locator) -> None:
        self.clicks += 1
        control.click()

    def write(self, control: Locator, words: str) -> None:
        control.fill(words)

    def sign_in(self, username: str, password: str = "") -> None:
        """Signing in costs no click of a journey's budget unless the journey counts it."""
        self.write(self.page.locator("[name=username]"), username)
        self.write(self.page.locator("[name=password]"), password or self.portal.password)
        self.press(self.page.locator("form:has([name=password]) [type=submit]"))
        self.clicks -= 1

    @property
    def text(self) -> str:
        return self.page.locator("body").inner_text()

    def scrolls_sideways(self) -> bool:
        return bool(
            self.page.evaluate("document.documentElement.scrollWidth > window.innerWidth + 1")
        )

    def sheets_of_paper(self) -> int:
        """How many A4 sheets the page takes when it is printed."""
        return len(re.findall(rb"/Type\s*/Page\b", self.page.pdf(format="A4")))

    def axe(self) -> list[str]:
        """What axe-core finds wrong with the page and all that is folded away on it; needs scripts
        switched on."""
        if not self.page.evaluate("'axe' in window"):
            self.page.evaluate((HERE / "axe.min.js").read_text(encoding="utf-8"))
        return list(self.page.evaluate(AXE))


@contextmanager
def visitor(
    portal: Portal,
    browser: Browser,
    *,
    width: int = 1366,
    scripts: bool = True,
    locale: str = "en-US",  # Chinese is the default whatever the browser says
    scheme: Scheme = "light",
    kind: type[Visitor] = Visitor,
) -> Iterator[Visitor]:
    context = browser.new_context(
        viewport={"width": width, "height": HEIGHT},
        java_script_enabled=scripts,
        locale=locale,
        reduced_motion="reduce",
        color_scheme=scheme,
    )
    context.set_default_navigation_timeout(PATIENCE)
    yield kind(portal, context.new_page())
    _sign_out(context, portal.origin)
    context.close()


def _sign_out(context: BrowserContext, origin: str) -> None:
    """Else those who come to the portal later pay for it: an account is signed in at ten places at
    most."""
    token = next((c["value"] for c in context.cookies() if c["name"].endswith("csrftoken")), "")
    if token:
        with suppress(Error):  # the portal may have died in the journey
            address, form = f"{origin}/accounts/logout/", {"csrfmiddlewaretoken": token}
            context.request.post(address, form=form, headers={"Referer": f"{origin}/"})
