"""Makes the README's picture from the running portal; ``make screenshots`` calls it."""

import tempfile
from pathlib import Path

from tests.journeys.portal import running_portal
from tests.journeys.visitor import open_browser, visitor
from tests.source import ROOT

PICTURE = ROOT / "docs" / "home.png"


def main() -> None:
    PICTURE.parent.mkdir(exist_ok=True)
    with (
        tempfile.TemporaryDirectory() as folder,
        running_portal(Path(folder)) as portal,
        open_browser() as browser,
        visitor(portal, browser, locale="zh-CN") as reader,
    ):
        if reader.visit("/") != 200 or reader.complaints:
            raise SystemExit(f"首页没有正常打开:{reader.complaints}")
        reader.page.screenshot(path=PICTURE, full_page=True)
    print(f"{PICTURE.relative_to(ROOT)}  {PICTURE.stat().st_size // 1024} KB")


if __name__ == "__main__":
    main()
