"""J8, J9, J11, J12: a report, a program's first data, a journalist's table, the first account."""

import csv
import io
import secrets
from collections.abc import Callable
from urllib.request import Request, urlopen

from docx import Document

from tests.journeys.clerk import download
from tests.journeys.portal import Portal
from tests.journeys.visitor import Visitor

Come = Callable[..., Visitor]
Within = Callable[[str, Visitor], None]
FIRST = ("createsuperuser", "--display-name", "秦月", "--username")
GOOD = "Kettle-9-orbit-Maple"


def test_j8_the_bulletin_of_the_year_in_three_clicks(visit: Come, within: Within) -> None:
    reader = visit(scripts=False)
    reader.visit("/accounts/login/?next=/admin/")
    reader.sign_in("inspector")
    reader.click("link", "公文")
    words = Document(io.BytesIO(download(reader, "年度进展通报")))
    within("J8", reader)
    assert "41" in " ".join(paragraph.text for paragraph in words.paragraphs)
    assert reader.complaints == []


def test_j9_a_program_reads_with_its_first_command(visit: Come, within: Within) -> None:
    """From the guide of the API to a token that answers 200."""
    reader = visit(scripts=False)
    reader.visit("/api/v1/docs/")
    reader.click("link", "我的令牌")
    reader.sign_in("inspector")
    reader.page.get_by_label("读取", exact=False).first.check()
    reader.click("button", "建立令牌")
    token = reader.page.get_by_label("新令牌").input_value()
    within("J9", reader)
    headers = {"Authorization": f"Bearer {token}"}
    asked = Request(f"{reader.portal.origin}/api/v1/self-checks/", headers=headers)
    with urlopen(asked, timeout=30) as answer:
        assert answer.status == 200
    assert reader.complaints == []


def test_j11_from_a_question_to_its_table(visit: Come, within: Within) -> None:
    reader = visit(width=390, scripts=False)
    reader.visit("/indicators/")
    reader.click("link", "A3")
    assert "怎样判定" in reader.text
    reader.click("link", "各单位这一项怎么样")
    assert "方法、来源和更正" in reader.text
    content = download(reader, "CSV")
    within("J11", reader)
    assert content.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))
    assert "沙坪坝区" in {cell for row in rows for cell in row}
    assert reader.complaints == []


def test_j12_the_first_account_needs_nobody_elses_password(
    visit: Come, within: Within, portal: Portal
) -> None:
    name = f"qin{secrets.token_hex(3)}"
    link = portal.manage(*FIRST, name).split()[-1]
    keeper = visit(scripts=False)
    keeper.visit(link)
    for field in keeper.page.locator("input[type=password]").all():
        field.fill(GOOD)
    keeper.click("button", "设定密码")
    assert "密码已设定" in keeper.text
    keeper.visit("/accounts/login/?next=/admin/")
    keeper.sign_in(name, GOOD)
    within("J12", keeper)
    assert "建立账号" in keeper.text
    again = visit(scripts=False)
    again.visit(link)
    assert "这个链接不能用" in again.text
