"""Pictures of the running portal, the README's and the style guide's; ``make screenshots``."""

import tempfile
from pathlib import Path

from tests.journeys.portal import running_portal
from tests.journeys.visitor import SCHEMES, Visitor, open_browser, visitor
from tests.source import ROOT

PICTURE = ROOT / "docs" / "home.png"
# The style guide in each look, to be set beside the pictures of the last release.
LOOKS = ROOT / "var" / "styleguide"


def main() -> None:
    PICTURE.parent.mkdir(exist_ok=True)
    with (
        tempfile.TemporaryDirectory() as folder,
        running_portal(Path(folder)) as portal,
        open_browser() as browser,
    ):
        with visitor(portal, browser, locale="zh-CN") as reader:
            picture(reader, "/", PICTURE)
        for width in (1366, 390):
            for scheme in SCHEMES:
                with visitor(portal, browser, width=width, scheme=scheme) as reader:
                    for language in ("", "/en"):
                        name = f"{language.strip('/') or 'zh'}-{width}-{scheme}.png"
                        picture(reader, f"{language}/styleguide/", LOOKS / name)


def picture(reader: Visitor, path: str, file: Path) -> None:
    """A picture of the whole page; a page the browser complains about is none."""
    if reader.visit(path) != 200 or reader.complaints:
        raise SystemExit(f"{path} 没有正常打开:{reader.complaints}")
    reader.page.screenshot(path=file, full_page=True)
    print(f"{file.relative_to(ROOT)}  {file.stat().st_size // 1024} KB")


if __name__ == "__main__":
    main()
