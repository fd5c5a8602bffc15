"""The table of measures goes out, is filled in, and comes back whole or not at all."""

from datetime import date
from decimal import Decimal
from io import BytesIO
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from openpyxl import load_workbook

from audit.models import Entry
from districts.models import User
from improvement.models import Measure, Revision, SchoolPlan
from improvement.services.measure_import import look
from improvement.services.measures import add
from tests.english import chinese_left, stored_texts

TABLE = "/self-checks/500106-2026/school-plans/table/"
HEAD = [
    *("学校标识码", "措施序号", "学校名称", "措施", "学段", "单位", "数量", "经费（元）"),
    *("经费来源", "来源说明", "责任人", "责任部门", "开始日期", "完成期限", "时间节点"),
    "要交的佐证",
]


def text_of(answer: Any) -> str:
    return answer.content.decode().replace("\N{NO-BREAK SPACE}", " ")


def sheet_of(content: bytes) -> Any:
    return load_workbook(BytesIO(content))["一校一策"]


def filled(client: Any, **cells: Any) -> SimpleUploadedFile:
    """The downloaded table with cells of its first row written over, by their heads."""
    book = load_workbook(BytesIO(client.get(f"{TABLE}?format=xlsx").content))
    for head, value in cells.items():
        book["一校一策"].cell(2, HEAD.index(head) + 1).value = value
    out = BytesIO()
    book.save(out)
    return SimpleUploadedFile("措施.xlsx", out.getvalue())


def confirmed(client: Any, page: str, **more: str) -> Any:
    held = page.split('name="held" value="')[1][:32]
    seen = page.split('name="seen" value="')[1][:64]
    return client.post(TABLE, {"held": held, "seen": seen, **more})


@pytest.fixture
def officer(school_plan: SchoolPlan, chen_officer: User, signed_in: Any) -> Any:
    return signed_in(chen_officer)


def test_it_goes_out_with_a_row_for_each_measure(officer: Any, school_plan: SchoolPlan) -> None:
    head, row = sheet_of(officer.get(f"{TABLE}?format=xlsx").content).values
    assert list(head) == HEAD
    measure = school_plan.measures.get()
    assert row[:6] == ("2100001001", 1, "沙坪坝区第1学校", "提高 A5", None, "㎡")
    assert (row[6], row[7], row[11]) == (measure.amount, measure.cost, "区县教委")


def test_looking_at_many_rows_asks_no_more_than_looking_at_one(
    officer: Any, school_plan: SchoolPlan, chen_officer: User
) -> None:
    for name in ("修缮操场", "添置器材", "平整跑道"):
        item = {"name": name, "unit": "item", "amount": Decimal(1), "office": "bureau"}
        add(school_plan=school_plan, by=chen_officer, **item)
    content = officer.get(f"{TABLE}?format=xlsx").content

    def asked(rows: int) -> int:
        book = load_workbook(BytesIO(content))
        for row in range(2, 2 + rows):
            book["一校一策"].cell(row, HEAD.index("责任人") + 1).value = "王校长"
        out = BytesIO()
        book.save(out)
        with CaptureQueriesContext(connection) as queries:
            found = look(school_plan.self_check, out.getvalue(), "措施.xlsx")
        assert len(found.changes) == rows
        return len(queries)

    assert asked(4) == asked(1)


def test_what_was_filled_in_is_shown_and_kept_on_confirmation(
    officer: Any, school_plan: SchoolPlan
) -> None:
    file = filled(
        officer,
        责任人="王校长",
        经费来源="区县财政",
        开始日期=date(2027, 3, 1),
        完成期限="2027-08-31",
    )
    page = text_of(officer.post(TABLE, {"file": file}))
    assert "将改动 1 项措施" in page
    assert "责任人：空 → 王校长" in page
    assert not Revision.objects.exists()
    assert confirmed(officer, page).status_code == 302
    measure = school_plan.measures.get()
    assert (measure.responsible, measure.funding) == ("王校长", "district")
    assert (measure.start, measure.due) == (date(2027, 3, 1), date(2027, 8, 31))
    assert Entry.objects.latest("number").action == "measure.import"
    assert confirmed(officer, page).status_code == 404  # it is kept already


@pytest.mark.parametrize(
    ("cells", "sentence"),
    [
        ({"数量": "x"}, "数量"),
        ({"数量": 0}, "数量要大于 0"),
        ({"措施序号": 9}, "没有学校 2100001001 的第 9 项措施"),
        ({"责任部门": "邮局"}, "责任部门"),
        ({"经费来源": "其他"}, "请写明来源"),
        ({"开始日期": "2027-09-01", "完成期限": "2027-08-31"}, "不能早于开始日期"),
        ({"完成期限": "明年"}, "完成期限"),
    ],
)
def test_one_mistake_keeps_the_whole_file_out(
    officer: Any, cells: dict[str, Any], sentence: str
) -> None:
    answer = officer.post(TABLE, {"file": filled(officer, 责任人="王校长", **cells)})
    page = text_of(answer)
    assert (answer.status_code, sentence in page) == (422, True), page
    assert "确认导入" not in page
    marked = page.split('href="?marked=')[1][:32]
    book = load_workbook(BytesIO(officer.get(f"{TABLE}?marked={marked}").content))
    assert "问题清单" in book.sheetnames
    assert any(cell.comment for row in book["一校一策"].iter_rows() for cell in row)
    assert not Revision.objects.exists()


def test_what_is_no_table_is_refused(officer: Any) -> None:
    file = SimpleUploadedFile("a.xlsx", b"MZ")
    assert officer.post(TABLE, {"file": file}).status_code == 422
    assert officer.post(TABLE, {}).status_code == 422


def test_a_change_after_approval_asks_for_a_reason(
    approved: SchoolPlan, chen_officer: User, signed_in: Any
) -> None:
    client = signed_in(chen_officer)
    page = text_of(client.post(TABLE, {"file": filled(client, 责任人="李校长")}))
    answer = confirmed(client, page)
    assert (answer.status_code, "请写明改动的原因" in text_of(answer)) == (422, True)
    assert confirmed(client, page, reason="换了校长").status_code == 302
    assert Measure.objects.get().responsible == "李校长"
    assert Revision.objects.latest("pk").reason == "换了校长"


def test_what_changed_meanwhile_is_looked_at_again(officer: Any, school_plan: SchoolPlan) -> None:
    page = text_of(officer.post(TABLE, {"file": filled(officer, 责任人="王校长")}))
    Measure.objects.update(responsible="赵校长")
    answer = confirmed(officer, page)
    assert (answer.status_code, "有了变化" in text_of(answer)) == (412, True)


def test_others_read_it_and_write_nothing(
    approved: SchoolPlan, zhou_inspector: User, zhao_signatory: User, signed_in: Any
) -> None:
    city = signed_in(zhou_inspector)
    assert sheet_of(city.get(f"{TABLE}?format=xlsx").content).max_row == 2
    for client in (city, signed_in(zhao_signatory)):
        assert client.get(TABLE).status_code == 404
        assert client.post(TABLE, {}).status_code == 404


def test_its_pages_are_english(officer: Any) -> None:
    pages = [officer.get(f"/en{TABLE}")]
    for cells in ({"责任人": "Wang"}, {"数量": 0}, {"措施序号": 9}):
        pages.append(officer.post(f"/en{TABLE}", {"file": filled(officer, **cells)}))
    for page in pages:
        assert chinese_left(page.content.decode(), stored_texts()) == []
