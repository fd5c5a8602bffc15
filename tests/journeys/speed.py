"""How fast public pages show on a slow phone: ``python -m tests.journeys.speed [ORIGIN]``.

The network is Lighthouse's slow 4G (round trip 150 ms, 1.6 Mbit/s down, 750 kbit/s up), the
processor four times slower, nothing kept from before; of three visits the middle one is told.
"""

import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from statistics import median
from typing import Any, NamedTuple

from playwright.sync_api import Browser

from tests.journeys.portal import running_portal
from tests.journeys.visitor import open_browser

PAGES = (
    *("/", "/en/", "/districts/", "/districts/500151/", "/en/districts/500112/", "/roadmap/"),
    *("/indicators/", "/indicators/A3/", "/atlas/indicators/A3/", "/atlas/", "/about/contact/"),
)
FLOOR = "/robots.txt"  # two lines of text: what a page takes on this machine whatever it holds
VISITS = 3
LATEST, LARGEST = 1000, 60  # ms until the largest piece is painted; KB with styles, compressed
NETWORK = {
    "offline": False,
    "latency": 150,
    "downloadThroughput": 1.6 * 1024 * 1024 / 8,
    "uploadThroughput": 750 * 1024 / 8,
}
SLOWER = 4
# What the browser noted itself, also of what happened before this was asked.
NOTED = """() => new Promise(done => {
    const found = {lcp: 0, cls: 0};
    new PerformanceObserver(list => list.getEntries().forEach(e => found.lcp = e.startTime))
        .observe({type: "largest-contentful-paint", buffered: true});
    new PerformanceObserver(list => list.getEntries().forEach(e => found.cls += e.value))
        .observe({type: "layout-shift", buffered: true});
    const parts = [...performance.getEntriesByType("navigation"),
        ...performance.getEntriesByType("resource")];
    found.bytes = parts.reduce((sum, part) => sum + part.transferSize, 0);
    setTimeout(() => done(found), 300);
})"""


class Visit(NamedTuple):
    lcp: float
    cls: float
    bytes: float


def visit(browser: Browser, address: str, *, slowly: bool = True) -> Visit:
    """One visit of a phone that has been nowhere yet."""
    context = browser.new_context(viewport={"width": 390, "height": 844}, device_scale_factor=3)
    page = context.new_page()
    if slowly:
        session: Any = context.new_cdp_session(page)
        session.send("Network.enable")
        session.send("Network.emulateNetworkConditions", NETWORK)
        session.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
    page.goto(address, wait_until="load")
    found = page.evaluate(NOTED)
    context.close()
    return Visit(found["lcp"], found["cls"], found["bytes"])


def told(browser: Browser, origin: str) -> Iterator[bool]:
    """A line a page; whether it keeps within the limits."""
    print(f"{'page':28}{'LCP ms':>8}{'CLS':>8}{'KB':>8}")
    floor = median(visit(browser, origin + FLOOR).lcp for _time in range(VISITS))
    print(f"{FLOOR:28}{floor:8.0f}", flush=True)
    for path in PAGES:
        visits = [visit(browser, origin + path) for _time in range(VISITS)]
        lcp, cls, size = (median(each) for each in zip(*visits, strict=True))
        print(f"{path:28}{lcp:8.0f}{cls:8.3f}{size / 1024:8.1f}", flush=True)
        yield lcp <= LATEST and not cls and size <= LARGEST * 1024


def main(origin: str = "") -> None:
    with open_browser() as browser:
        if origin:
            kept = list(told(browser, origin.rstrip("/")))
        else:
            with tempfile.TemporaryDirectory() as folder, running_portal(Path(folder)) as portal:
                kept = list(told(browser, portal.origin))
    print(f"{kept.count(True)} of {len(kept)} within {LATEST} ms, CLS 0, {LARGEST} KB")


if __name__ == "__main__":
    main(*sys.argv[1:2])
