"""Journeys without a mouse: Tab, Enter and typing lead from signing in to the end of each."""

from collections.abc import Callable

from tests.journeys.clerk import attach_required, download, fill, upload
from tests.journeys.typist import Typist
from tests.journeys.visitor import markup_only

Task = Callable[[str, int], str]
CODE, NAME = "500151", "铜梁区"
YEAR = 2034  # nobody else's, and without figures of the year before
WORK, BOARD = "/admin/selfchecks/selfcheck/work/", "/admin/selfchecks/selfcheck/board/"
REMARK = "请附骨干教师名单"
ROWS = "[data-keys] a[href], [data-keys] button"
ROW = f"[...document.querySelectorAll('{ROWS}')].indexOf(document.activeElement)"


@markup_only
def test_the_public_finds_a_district_by_keyboard(typist: Callable[[], Typist]) -> None:
    reader = typist()
    reader.visit("/")
    reader.push(reader.page.get_by_role("link", name="跳到正文"))
    reader.write(reader.page.get_by_role("searchbox", name="找区县"), "铜梁")
    with reader.page.expect_navigation():
        reader.page.keyboard.press("Enter")
    assert reader.page.url.endswith("/districts/500151/")
    reader.click("link", "反映铜梁区的情况")
    assert reader.page.locator("#id_unit").input_value() == "500151"
    assert reader.complaints == []


@markup_only
def test_bureau_chief_and_inspector_need_no_mouse(typist: Callable[[], Typist], task: Task) -> None:
    address = task(CODE, YEAR)
    report(typist(), address)
    sign(typist(), address)
    send_back(typist())


def report(clerk: Typist, address: str) -> None:
    clerk.visit(f"/accounts/login/?next={address}")
    clerk.sign_in(f"officer_{CODE}")
    clerk.reach(clerk.page.get_by_role("link", name="1. 下载模板").first)
    upload(clerk, fill(download(clerk, "1. 下载模板")))
    clerk.click("button", "确认采用")
    attach_required(clerk, address, scripts=False)
    clerk.click("button", "送负责人审签")
    assert "待审签" in clerk.text
    assert clerk.complaints == []


def sign(chief: Typist, address: str) -> None:
    chief.visit(f"/accounts/login/?next={address}check/")
    chief.sign_in(f"signatory_{CODE}")
    chief.push(chief.page.locator("summary", has_text=f"审签并报送：{NAME}"))
    chief.click("button", f"确认审签并报送：{NAME}")
    assert "报送回执" in chief.page.locator("h1").inner_text()
    assert chief.complaints == []


def send_back(inspector: Typist) -> None:
    """A list by j and k, the keys by ?, the remark by e; the decision by Tab and Enter."""
    inspector.visit(f"{BOARD}?year=2026")
    inspector.sign_in("inspector")
    page, keys = inspector.page, inspector.page.keyboard
    inspector.press(page.locator("main a[href*='/review/']").first)
    places = [page.evaluate(ROW)]
    for key in "jjk":
        keys.press(key)
        places.append(page.evaluate(ROW))
    assert places == [0, 1, 2, 1]
    for is_open in (True, False):
        keys.press("?")
        assert page.locator("[data-help]").evaluate("help => help.open") == is_open
    inspector.visit(f"{WORK}?year={YEAR}")
    inspector.click("button", f"开始复核 {NAME} {YEAR}")
    keys.press("e")
    keys.insert_text(REMARK)
    inspector.click("button", f"退回{NAME}…")
    assert REMARK in inspector.text
    inspector.write(page.get_by_label("补充说明", exact=True), "请附名单后重新报送")
    inspector.press(page.get_by_role("button", name=f"退回{NAME}", exact=True))
    assert "已办理「退回修改」" in inspector.text
    assert inspector.complaints == []
