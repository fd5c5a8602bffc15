"""A person at a browser, who also notes what the browser complains about."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

from preflight import BROWSERS
from tests.journeys.portal import Portal

HERE = Path(__file__).parent
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run"]
HEIGHT = 800
BLAME = """violations => violations.map(v => v.id + ": " + v.help + " — "
    + v.nodes.slice(0, 3).map(n => n.html.slice(0, 160)).join(" | "))"""


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

    def __post_init__(self) -> None:
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("console", self._note)
        self.page.on("requestfailed", lambda request: self.complaints.append(request.url))

    def _note(self, message: object) -> None:
        if message.type in {"error", "warning"}:  # type: ignore[attr-defined]
            self.complaints.append(message.text)  # type: ignore[attr-defined]

    def visit(self, path: str) -> int:
        """Go to an address; the status it answers with."""
        response = self.page.goto(self.portal.origin + path)
        return response.status if response else 0

    def click(self, role: str, name: str) -> None:
        self.clicks += 1
        self.page.get_by_role(role, name=name).first.click()  # type: ignore[arg-type]

    def sign_in(self, username: str) -> None:
        self.page.locator("[name=username]").fill(username)
        self.page.locator("[name=password]").fill(self.portal.password)
        self.page.locator("form:has([name=password]) [type=submit]").click()

    @property
    def text(self) -> str:
        return self.page.locator("body").inner_text()

    def scrolls_sideways(self) -> bool:
        return bool(
            self.page.evaluate("document.documentElement.scrollWidth > window.innerWidth + 1")
        )

    def axe(self) -> list[str]:
        """What axe-core finds wrong with the page; needs scripts switched on."""
        self.page.evaluate((HERE / "axe.min.js").read_text(encoding="utf-8"))
        return list(self.page.evaluate(f"axe.run().then(result => ({BLAME})(result.violations))"))


@contextmanager
def visitor(
    portal: Portal, browser: Browser, *, width: int = 1366, scripts: bool = True
) -> Iterator[Visitor]:
    context = browser.new_context(
        viewport={"width": width, "height": HEIGHT},
        java_script_enabled=scripts,
        locale="en-US",  # Chinese is the default whatever the browser says
        reduced_motion="reduce",
    )
    yield Visitor(portal, context.new_page())
    context.close()
