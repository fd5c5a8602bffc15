"""J12: who runs the portal, from the first account to a portal put back; without a mouse."""

import secrets
from collections.abc import Callable
from pathlib import Path

from tests.journeys.portal import Portal, database, free_port, managing, serving
from tests.journeys.typist import Typist
from tests.journeys.visitor import Visitor, markup_only

Come = Callable[..., Typist]
Within = Callable[[str, Visitor], None]
FIRST = ("createsuperuser", "--display-name", "秦月", "--username")
GOOD = "Kettle-9-orbit-Maple"
USERS, AUDIT = "/admin/districts/user/", "/admin/audit/entry/"


def test_j12_the_first_account_needs_nobody_elses_password(
    typist: Come, within: Within, portal: Portal
) -> None:
    name = f"qin{secrets.token_hex(3)}"
    link = portal.manage(*FIRST, name).split()[-1]
    keeper = typist(scripts=False)
    keeper.visit(link)
    for field in keeper.page.locator("input[type=password]").all():
        keeper.write(field, GOOD)
    keeper.click("button", "设定密码")
    assert "密码已设定" in keeper.text
    keeper.visit("/accounts/login/?next=/admin/")
    keeper.sign_in(name, GOOD)
    within("J12", keeper)
    assert "增加账号" in keeper.text
    again = typist(scripts=False)
    again.visit(link)
    assert "这个链接不能用" in again.text


@markup_only
def test_j12_who_was_let_in_works_and_is_let_go(typist: Come) -> None:
    """The next request after that finds no session; the request that did it is found again."""
    name, requests = f"he{secrets.token_hex(3)}", list[str]()
    keeper = typist(scripts=False)
    keeper.visit("/admin/")
    keeper.sign_in("keeper")
    keeper.page.on("response", lambda each: requests.append(each.headers["x-request-id"]))
    clerk = typist(scripts=False)
    let_in(keeper, clerk, name)
    assert "/self-checks/500151-" in clerk.page.url

    keeper.visit(f"{USERS}?q={name}")
    keeper.push(keeper.page.locator(".action-select"))
    keeper.write(keeper.page.locator("[name=action]"), "停用")
    requests.clear()
    keeper.click("button", "执行")
    assert "已停用" in keeper.text
    clerk.visit("/self-checks/now/")
    assert "/accounts/login/" in clerk.page.url

    auditor = typist(scripts=False)
    auditor.visit(AUDIT)
    auditor.sign_in("auditor")
    auditor.write(auditor.page.locator("#searchbar"), requests[0])
    with auditor.page.expect_navigation():
        auditor.page.keyboard.press("Enter")
    [row] = auditor.page.locator("#result_list tbody tr").all_inner_texts()
    assert "停用账号" in row
    assert [*keeper.complaints, *clerk.complaints, *auditor.complaints] == []


def let_in(keeper: Typist, clerk: Typist, name: str) -> None:
    """An account for a district, whose owner sets the password and lands where the work is."""
    keeper.click("link", "增加账号")
    told = {"账号": name, "姓名": "何青", "角色": "填报员", "范围": "一个区县", "区县": "铜梁区"}
    for label, words in told.items():
        keeper.write(keeper.page.get_by_label(f"{label}：", exact=True), words)
    keeper.press(keeper.page.locator("[name=_save]"))
    link = keeper.page.locator("code").inner_text()
    clerk.visit(link.removeprefix(clerk.portal.origin))
    for field in clerk.page.locator("input[type=password]").all():
        clerk.write(field, GOOD)
    clerk.click("button", "设定密码")
    clerk.visit("/accounts/login/")
    clerk.sign_in(name, GOOD)


@markup_only
def test_j12_a_backup_put_back_elsewhere_is_served(
    typist: Come, portal: Portal, tmp_path: Path
) -> None:
    assert "✗" not in portal.manage("doctor")
    kept = str(tmp_path / "portal.zip")
    told = portal.manage("backup", "--output", kept)
    assert "审计链末端" in told
    with database(tmp_path) as url:
        outside = {**portal.environment, "DATABASE_URL": url, "MEDIA_ROOT": str(tmp_path / "media")}
        port = free_port()
        with managing(outside) as manager:
            other = Portal(f"http://127.0.0.1:{port}", portal.password, outside, manager)
            other.manage("migrate", "--verbosity=0")
            assert "审计链完整" in other.manage("restore", kept)
            assert "全部一致" in other.manage("replay_evaluations")
            with serving(other, port):
                officer = typist(scripts=False)
                officer.portal = other
                officer.visit("/accounts/login/")
                officer.sign_in("officer_500106")
                assert "2026 年度自查" in officer.text
            manager.terminate()
