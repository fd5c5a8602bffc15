"""J3: a returned self-check: one value corrected, explained and proved; nothing typed is lost."""

from collections.abc import Callable

import pytest

from tests.journeys.clerk import fits
from tests.journeys.portal import Portal
from tests.journeys.visitor import Visitor, markup_only

Come = Callable[..., Visitor]
Within = Callable[[str, Visitor], None]
CODE = "500106"
FIELD = "backbone_teachers_primary"
REMARK = "请核对骨干教师数并附名单"
REASON = "漏报一名市级骨干教师"
# 沙坪坝区 submitted, and the inspector sent it back with a remark on one cell of one school.
RETURN = """
from datetime import timedelta
from django.utils import timezone
from districts.models import District, School, User
from selfchecks.models import SelfCheck
from selfchecks.services.opening import open_year
from selfchecks.services.reviews import Target, comment
from selfchecks.services.steps import take_step
from tests.selfchecks.conftest import decide, keep_clean
today = timezone.localdate()
people = User.objects.in_bulk(
    ["manager", "inspector", "officer_{code}", "signatory_{code}"], field_name="username"
)
open_year(
    year={year},
    due_on=today + timedelta(days=20),
    fill_from=today - timedelta(days=30),
    by=people["manager"],
    districts=District.objects.filter(code="{code}"),
)
self_check = SelfCheck.objects.get(district__code="{code}", year={year})
keep_clean(self_check, people["officer_{code}"])
for step, who in (
    ("send_for_signature", "officer_{code}"),
    ("submit", "signatory_{code}"),
    ("take_up", "inspector"),
):
    take_step(self_check=self_check, step=step, by=people[who])
record = self_check.school_records.filter(school_type="小学").first()
place = Target("A2", record.school_code, "{field}", record.sheet, record.cells["{field}"])
comment(self_check=self_check, text="{remark}", by=people["inspector"], on=place)
decide(self_check, "send_back", people["inspector"], comment="请按复核意见修改")
print(record.school_code, record.school_name, record.{field})
"""
END_SESSIONS = "from django.contrib.sessions.models import Session; Session.objects.all().delete()"
CHANGES = """
from selfchecks.models import SelfCheck
found = SelfCheck.objects.get(district__code="{code}", year={year})
for item in found.uploads.get(is_current=True).changes["items"]:
    print(item["key"], item["column"], item["before"], item["after"])
"""


# Years without figures of the year before: the same ones again would ask for reasons.
@pytest.mark.parametrize(
    ("scripts", "year"), [pytest.param(True, 2016, marks=markup_only), (False, 2018)]
)
def test_j3_one_value_is_corrected_explained_and_proved(
    visit: Come, portal: Portal, within: Within, scripts: bool, year: int
) -> None:
    names = {"code": CODE, "year": year, "field": FIELD, "remark": REMARK}
    school, name, before = portal.manage("shell", "-c", RETURN.format(**names)).split()[-3:]
    after = str(int(before) + 1)
    address = f"/self-checks/{CODE}-{year}/"
    clerk = visit(scripts=scripts)
    clerk.visit("/accounts/login/?next=" + address)
    clerk.sign_in(f"officer_{CODE}")
    assert REMARK in clerk.text  # already where the tasks are
    fits(clerk, scripts)

    # 1–2: the notice leads to the very cell.
    clerk.click("link", "通知")
    fits(clerk, scripts)
    clerk.click("link", REMARK)
    assert name in clerk.page.locator("h1").inner_text()
    assert REMARK in clerk.text
    fits(clerk, scripts)

    # The session ends while she types; what she typed is there again, and nothing is kept twice.
    _type(clerk, after)
    portal.manage("shell", "-c", END_SESSIONS)
    clerk.click("button", "更正并保存")
    assert "您刚才填写的内容还在" in clerk.text
    fits(clerk, scripts)
    clerk.sign_in(f"officer_{CODE}")
    assert clerk.page.get_by_label("更正为").input_value() == after
    assert clerk.page.get_by_label("更正的原因").input_value() == REASON
    clerk.clicks -= 1  # the one that met the ended session

    # 3–5: saved, and a document about the same indicator.
    clerk.click("button", "更正并保存")
    assert "存为第 2 版" in clerk.text
    assert f"{before} → {after}：{REASON}" in clerk.text
    clerk.click("link", "附上佐证材料")
    assert clerk.page.get_by_label("指标", exact=True).input_value() == "A2"
    pdf = {"name": "骨干教师名单.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.7 x"}
    clerk.page.get_by_label("文件").set_input_files(pdf)  # type: ignore[arg-type]
    clerk.click("button", "附上")
    assert "骨干教师名单.pdf" in clerk.text
    within("J3", clerk)
    changed = portal.manage("shell", "-c", CHANGES.format(**names)).split()[-4:]
    assert changed == [school, FIELD, before, after]

    # The next day everything is as it was left, the thread included.
    clerk.click("button", "退出")
    again = visit(width=390, scripts=scripts)
    again.visit("/accounts/login/?next=" + address)
    again.sign_in(f"officer_{CODE}")
    assert "已采用第 2 版" in again.text
    assert "已附 9 份佐证材料" in again.text
    again.click("link", "看全部意见和回复")
    assert REMARK in again.text
    assert f"{before} → {after}：{REASON}" in again.text
    again.visit(address + "check/")
    again.click("button", "送负责人审签")
    assert "待审签" in again.text
    assert clerk.complaints == again.complaints == []


def _type(clerk: Visitor, value: str) -> None:
    clerk.page.get_by_label("更正为").fill(value)
    clerk.page.get_by_label("更正的原因").fill(REASON)
