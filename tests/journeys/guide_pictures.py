"""The pictures of the guides: the same pages in both languages, as WebP; ``make screenshots``."""

import base64
import tempfile
from pathlib import Path

from django.utils import timezone, translation
from playwright.sync_api import Browser

from chongqing_eval.guides import GUIDES
from chongqing_eval.guides.page import HEIGHT, WIDTH, picture_of
from selfchecks.services.demo import years_until
from tests.journeys.portal import Portal, running_portal
from tests.journeys.visitor import open_browser, visitor
from tests.source import ROOT
from tests.test_guides import DISTRICTS, LARGEST

OWN = "/self-checks/{code}-{year}/"
# By the picture whose page it is, and which.
PLACES = {
    "officer-tasks": ("officer_500103", OWN),
    "officer-findings": ("officer_500104", OWN + "versions/1/"),
    "signatory-check": ("signatory_500107", OWN + "check/"),
    "inspector-today": ("inspector", "/admin/"),
    "inspector-review": ("inspector", "/admin/selfchecks/selfcheck/{review}/review/"),
    "manager-plan": ("manager", "/admin/schedule/planversion/"),
    "auditor-audit": ("auditor", "/admin/audit/entry/"),
}
IN_REVIEW = (
    "from selfchecks.models import SelfCheck;"
    "print(SelfCheck.objects.get(district__code='500101', year={year}).pk)"
)


def main() -> None:
    year = str(years_until(timezone.localdate(), 1)[0])
    with (
        tempfile.TemporaryDirectory() as folder,
        running_portal(Path(folder), DISTRICTS, schools=6) as portal,
        open_browser() as browser,
    ):
        review = portal.manage("shell", "-c", IN_REVIEW.format(year=year)).split()[-1]
        for guide in GUIDES.values():
            for step in guide.steps:
                if not step.picture:
                    continue
                account, page = PLACES[step.picture]
                code = account.rpartition("_")[2]
                path = page.format(code=code, year=year, review=review)
                for language in ("zh-hans", "en"):
                    with translation.override(language):
                        file = ROOT / "static" / picture_of(step)
                    prefix = "/en" if language == "en" else ""
                    picture(portal, browser, account, prefix + path, file)


def picture(portal: Portal, browser: Browser, account: str, path: str, file: Path) -> None:
    """What the person sees of the page at first, from where its heading begins."""
    with visitor(portal, browser, width=WIDTH) as reader:
        reader.visit("/accounts/login/")
        reader.sign_in(account)
        if reader.visit(path) != 200 or reader.complaints:
            raise SystemExit(f"{path} 没有正常打开:{reader.complaints}")
        box = reader.page.locator("#content").bounding_box()
        clip = {"x": 0, "y": box["y"] if box else 0, "width": WIDTH, "height": HEIGHT, "scale": 1}
        wish = {"format": "webp", "quality": 60, "clip": clip, "captureBeyondViewport": True}
        session = reader.page.context.new_cdp_session(reader.page)
        content = base64.b64decode(session.send("Page.captureScreenshot", wish)["data"])
    if len(content) > LARGEST:
        raise SystemExit(f"{file.name} 有 {len(content) // 1024} KB,太大了")
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(content)
    print(f"{file.relative_to(ROOT)}  {len(content) // 1024} KB")
