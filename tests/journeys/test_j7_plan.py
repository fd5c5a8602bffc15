"""J7: a municipal inspector moves a unit to another year; nobody else gets near the admin."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.utils import timezone

from tests.journeys.portal import Portal
from tests.journeys.typist import Typist
from tests.journeys.visitor import Visitor

Come = Callable[..., Visitor]
Within = Callable[[str, Visitor], None]
REASON = "区内三所学校改扩建推迟一年完工"
DOCUMENT = "演示〔2026〕1号"


def row_of(reader: Visitor, year: int) -> list[str]:
    """What the impact table says of a year: planned and cumulative before and after, target."""
    row = reader.page.locator("table.impact tr", has=reader.page.locator(f"th:text-is('{year}')"))
    return [cell.split()[0] if cell.strip() else "" for cell in row.locator("td").all_inner_texts()]


@pytest.fixture
def desk(typist: Callable[..., Typist]) -> Typist:
    """The inspector's desk, without scripts and without a mouse."""
    inspector = typist(scripts=False)
    inspector.visit("/admin/")
    inspector.sign_in("inspector")
    assert inspector.page.url.endswith("/admin/")
    return inspector


def test_j7_a_unit_is_moved_with_impact_reason_and_document(
    desk: Typist, visit: Come, portal: Portal, within: Within
) -> None:
    desk.click("link", "调整规划")
    desk.write(desk.page.get_by_label("铜梁区"), "2027")
    desk.click("button", "查看影响")
    # 2026 had 4 units and 22 up to then; from 2027 on nothing changes, 36 by 2028 stays.
    assert row_of(desk, 2026) == ["4", "3", "22", "21", ""]
    assert row_of(desk, 2027) == ["5", "6", "27", "27", ""]
    assert row_of(desk, 2028) == ["9", "9", "36", "36", "36"]

    desk.click("button", "发布调整")
    assert "有问题需要处理" in desk.text  # neither reason nor document number yet
    desk.write(desk.page.get_by_label("原因"), REASON)
    desk.write(desk.page.get_by_label("文号"), DOCUMENT)
    desk.click("button", "发布调整")
    within("J7", desk)
    assert desk.complaints == []

    reader = visit(width=390, scripts=False)
    reader.visit("/districts/500151/")
    assert "2027 年" in reader.text
    assert "原计划" in reader.text
    yesterday = timezone.localdate() - timedelta(days=1)
    reader.visit(f"/districts/500151/?as_of={yesterday}")
    assert "原计划" not in reader.text
    reader.visit("/roadmap/?version=1")
    assert "铜梁区" in section_of(reader, 2026)
    reader.visit("/roadmap/")
    assert "铜梁区" in section_of(reader, 2027)
    assert "审计链完整" in portal.manage("audit_verify")


def section_of(reader: Visitor, year: int) -> str:
    """The row of one year on the roadmap."""
    return reader.page.locator(f"tr:has(.roadmap__year:text-is('{year}'))").inner_text()


@pytest.mark.parametrize("username", ["officer_500106", "signatory_500151"])
def test_an_officer_sees_nothing_of_the_admin(visit: Come, username: str) -> None:
    officer = visit()
    officer.visit("/accounts/login/")
    officer.sign_in(username)
    for path in ("/admin/", "/admin/districts/school/", "/admin/schedule/planversion/replan/"):
        officer.visit(path)
        assert "工作台" not in officer.text
        assert officer.page.locator("#changelist, .replan, #user-tools").count() == 0


def test_wrong_passwords_get_one_sentence_and_then_a_pause(visit: Come) -> None:
    """m28: the sixth attempt is refused even with the right password.

    The portal is everybody's for the whole run: the account is one no other journey signs in with.
    """
    guesser = visit(width=390)
    for _attempt in range(5):
        guesser.visit("/accounts/login/")
        guesser.sign_in("officer_500243", "guess")
    guesser.visit("/accounts/login/")
    guesser.sign_in("officer_500243")
    assert "10 分钟" in guesser.text
    assert guesser.axe() == []
