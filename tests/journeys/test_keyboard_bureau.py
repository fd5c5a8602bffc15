"""J2 and J3 without a mouse: problems mended in one's workbook, one value corrected and proved."""

from collections.abc import Callable

import pytest

from tests.journeys.clerk import download, fill, upload
from tests.journeys.portal import Portal
from tests.journeys.test_j1_j2_bureau import spoil
from tests.journeys.test_j3_correcting import FIELD, REASON, REMARK, RETURN
from tests.journeys.test_keyboard import Task
from tests.journeys.typist import Typist
from tests.journeys.visitor import markup_only


@pytest.fixture
def clerk(typist: Callable[[], Typist]) -> Typist:
    return typist()


@markup_only
def test_j2_problems_are_read_mended_and_sent_again(clerk: Typist, task: Task) -> None:
    address, page = task("500151", 2015), clerk.page
    clerk.visit(f"/accounts/login/?next={address}")
    clerk.sign_in("officer_500151")
    template = fetch(clerk, "1. 下载模板")
    clerk.reach(page.locator("input[type=file]").first)
    upload(clerk, fill(template, spoil))
    assert "3 个问题必须修改" in page.locator("h1").inner_text()
    clerk.visit(address)
    clerk.click("link", "下一步：处理问题")  # what is wrong comes before another file
    marked = fetch(clerk, "下载标注文件")
    clerk.reach(page.locator("input[type=file]").first)
    upload(clerk, fill(marked), "再次上传")
    clerk.click("button", "确认采用")
    assert "核对并报送" in page.locator("h1").inner_text()
    clerk.click("link", "看完整的测算结果")
    for stage in ("小学", "初中"):
        assert page.get_by_role("img", name=f"{stage}：七项差异系数").is_visible()
    clerk.push(page.locator("summary", has_text="看这些差异系数的表"))
    assert page.locator("table#spreads").is_visible()
    clerk.click("link", "小学各校各指标")
    assert clerk.complaints == []


@markup_only
def test_j3_a_returned_value_is_corrected_and_proved(clerk: Typist, portal: Portal) -> None:
    names = {"code": "500151", "year": 2017, "field": FIELD, "remark": REMARK}
    school, _name, before = portal.manage("shell", "-c", RETURN.format(**names)).split()[-3:]
    address, page = "/self-checks/500151-2017/", clerk.page
    clerk.visit(f"/accounts/login/?next={address}")
    clerk.sign_in("officer_500151")
    clerk.click("link", "通知")
    clerk.click("link", REMARK)
    assert f"/{school}/{FIELD}/" in page.url
    value = page.get_by_label("更正为")
    clerk.reach(value)
    page.keyboard.press("Control+A")
    page.keyboard.insert_text(str(int(before) + 1))
    clerk.write(page.get_by_label("更正的原因"), REASON)
    clerk.click("button", "更正并保存")
    assert "存为第 2 版" in clerk.text
    clerk.click("link", "附上佐证材料")
    file = page.get_by_label("文件")
    clerk.reach(file)
    pdf = {"name": "骨干教师名单.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.7 x"}
    file.set_input_files(pdf)  # type: ignore[arg-type]
    clerk.click("button", "附上")
    assert "骨干教师名单.pdf" in clerk.text
    clerk.click("link", "去核对")
    clerk.click("button", "送负责人审签")
    assert "待审签" in clerk.text
    assert clerk.complaints == []


def fetch(clerk: Typist, link: str) -> bytes:
    clerk.reach(clerk.page.get_by_role("link", name=link).first)
    return download(clerk, link)
