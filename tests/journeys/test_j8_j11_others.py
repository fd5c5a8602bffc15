"""J8, J9, J11 without a mouse: a report, a program's first data, a journalist's table."""

import csv
import io
from collections.abc import Callable
from urllib.request import Request, urlopen

from docx import Document

from tests.journeys.clerk import download
from tests.journeys.typist import Typist
from tests.journeys.visitor import Visitor

Come = Callable[..., Typist]
Within = Callable[[str, Visitor], None]


def test_j8_the_bulletin_of_the_year_in_three_clicks(typist: Come, within: Within) -> None:
    reader = typist(scripts=False)
    reader.visit("/accounts/login/?next=/admin/")
    reader.sign_in("inspector")
    reader.click("link", "公文")
    words = Document(io.BytesIO(download(reader, "年度进展通报")))
    within("J8", reader)
    assert "41" in " ".join(paragraph.text for paragraph in words.paragraphs)
    assert reader.complaints == []


def test_j9_a_program_reads_with_its_first_command(typist: Come, within: Within) -> None:
    """From the guide of the API to a token that answers 200."""
    reader = typist(scripts=False)
    reader.visit("/api/v1/docs/")
    reader.click("link", "我的令牌")
    reader.sign_in("inspector")
    assert reader.page.get_by_label("读取", exact=False).first.is_checked()
    reader.click("button", "建立令牌")
    token = reader.page.get_by_label("新令牌").input_value()
    within("J9", reader)
    headers = {"Authorization": f"Bearer {token}"}
    asked = Request(f"{reader.portal.origin}/api/v1/self-checks/", headers=headers)
    with urlopen(asked, timeout=30) as answer:
        assert answer.status == 200
    assert reader.complaints == []


def test_j11_from_a_question_to_its_table(typist: Come, within: Within) -> None:
    reader = typist(width=390, scripts=False)
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
