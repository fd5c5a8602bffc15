"""What the application form asks beside: organiser, visits, six subjects; old files go on."""

from typing import Any

import pytest

from selfchecks.services.reported import from_reading
from selfchecks.workbook.reading import DISTRICT, IDENTITY_SHEET, QUALITATIVE, SCHOOLS
from tests.workbooks import district, excel
from workbooks.findings import Refused

ROW = {code: row for row, code in enumerate(DISTRICT.lines, 4)}
VALUE = DISTRICT.position("value")
ADDED = [
    *("D1.issued", "D1.visited", "D1.visited_satisfied"),
    *("D1.家长.issued", "D1.家长.visited", "D1.家长.visited_satisfied"),
    *(f"C9.{name}.{kind}" for name in ("体育", "艺术", "德育") for kind in ("level", "difference")),
]
# The codes of the application form, 表Ⅱ-2 L2.
ORGANISERS = {
    **{"1": "中央教育部门", "2": "中央其他部门", "3": "省级教育部门", "4": "省级其他部门"},
    **{"5": "地级教育部门", "6": "地级其他部门", "7": "县级教育部门", "8": "县级其他部门"},
    **{"9": "地方企业", "10": "民办"},
}


def test_the_template_offers_what_the_form_asks() -> None:
    book = excel.clean_book()
    sheet = book[SCHOOLS.name]
    last = sheet.max_column
    assert (sheet.cell(1, last).value, sheet.cell(2, last).value) == ("organiser", "举办者类型")
    assert sheet.cell(3, last).value == "从列表里选，或填申报表的代码 1–10"
    area = book.defined_names["list_organiser"].attr_text.replace("$", "").replace("'", "")
    cells = [cell.value for (cell,) in book[IDENTITY_SHEET][area.split("!")[1]]]
    assert cells == list(ORGANISERS.values())
    lines = [book[DISTRICT.name].cell(row, 1).value for row in ROW.values()]
    assert set(ADDED) < set(lines)
    subjects = {line.split(".")[1] for line in lines if line.startswith("C9.")}
    assert subjects == {"语文", "数学", "英语", "科学", "体育", "艺术", "德育"}


@pytest.mark.parametrize(("code", "word"), ORGANISERS.items())
def test_an_organiser_is_given_by_code_or_by_word(code: str, word: str) -> None:
    def spoil(book: Any) -> None:
        sheet = book[SCHOOLS.name]
        for row, value in zip((4, 5, 6), (code, int(code), word), strict=True):
            sheet.cell(row, SCHOOLS.position("organiser")).value = value
            if word == "民办":
                sheet.cell(row, SCHOOLS.position("ownership")).value = word

    reading = excel.read(excel.spoiled(spoil))
    assert [school.value("organiser") for school in reading.schools[:3]] == [word] * 3
    assert excel.serious(reading) == []
    payload = from_reading(reading).payload()
    assert [school.get("organiser") for school in payload["schools"][:4]] == [*[word] * 3, None]


@pytest.mark.parametrize("value", ["0", 11, 7.5, "县教育局", "民 办 学 校"])
def test_another_organiser_is_refused_at_its_cell(value: Any) -> None:
    reading = excel.read(excel.with_cell("organiser", value))
    assert [(f.code, f.cell) for f in reading.errors] == [
        ("unknown_choice", excel.place("organiser"))
    ]


def test_numbers_stand_for_organisers_only() -> None:
    reading = excel.read(excel.with_cell("ownership", "1"))
    assert [(f.code, f.cell) for f in reading.errors] == [
        ("unknown_choice", excel.place("ownership"))
    ]


@pytest.mark.parametrize(
    ("organiser", "ownership", "fits"),
    [
        *(("民办", "民办", True), ("县级教育部门", "公办", True)),
        *(("民办", "公办", False), ("地方企业", "民办", False)),
    ],
)
def test_organiser_and_ownership_agree(organiser: str, ownership: str, fits: bool) -> None:
    def spoil(book: Any) -> None:
        book[SCHOOLS.name].cell(5, SCHOOLS.position("organiser")).value = organiser
        book[SCHOOLS.name].cell(5, SCHOOLS.position("ownership")).value = ownership

    reading = excel.read(excel.spoiled(spoil))
    found = [(f.code, f.cell) for f in reading.errors]
    assert found == ([] if fits else [("other_organiser", excel.place("organiser"))])
    if not fits:
        (finding,) = reading.errors
        assert finding.text == (
            f"{finding.cell}「举办者类型」是「{organiser}」，而举办者性质是「{ownership}」。"
            "民办学校填「民办」，公办学校填其余九类之一。请核对这两栏。"
        )


def old_workbook(book: Any) -> None:
    """As the template was before: without the column and the lines, items under their old names."""
    book[SCHOOLS.name].delete_cols(SCHOOLS.position("organiser"))
    sheet = book[DISTRICT.name]
    for row in sorted((ROW[code] for code in ADDED), reverse=True):
        sheet.delete_rows(row)
    former = {
        **{"B11.eligible": "符合交流条件教师数", "B11.exchanged": "实际交流轮岗教师数"},
        **{"B11.exchanged_backbone": "交流轮岗骨干教师数", "D1.sample": "满意度调查样本数"},
        "D1.satisfied": "表示满意的人数",
    }
    for row in range(4, sheet.max_row + 1):
        code = sheet.cell(row, 1).value
        sheet.cell(row, 2).value = former.get(code, sheet.cell(row, 2).value)


def test_a_workbook_of_the_old_template_enters_without_a_word() -> None:
    reading = excel.read(excel.spoiled(old_workbook))
    assert excel.serious(reading) == []
    now, before = (from_reading(each).payload() for each in (excel.read(excel.clean()), reading))
    assert before["schools"] == now["schools"]
    assert before["district"] == now["district"]
    assert not any("organiser" in school for school in before["schools"])


def test_old_names_are_known_where_the_codes_are_gone() -> None:
    def spoil(book: Any) -> None:
        old_workbook(book)
        sheet = book[DISTRICT.name]
        for row in range(4, sheet.max_row + 1):
            if sheet.cell(row, 1).value in ("B11.exchanged", "D1.sample"):
                sheet.cell(row, 1).value = None

    reading = excel.read(excel.spoiled(spoil))
    assert not reading.errors
    assert (reading.district["B11.exchanged"].value, reading.district["D1.sample"].value) == (
        district.DISTRICT_FIGURES["B11.exchanged"],
        district.DISTRICT_FIGURES["D1.sample"],
    )


def test_degree_counts_may_reach_but_not_pass_the_teachers() -> None:
    """Row 6 is a nine-year school: 30 and 31 of 61 is right, of 60 it is not."""

    def counted(teachers: int) -> list[tuple[str, str]]:
        def spoil(book: Any) -> None:
            figures = {"qualified_teachers_primary": 30, "qualified_teachers_junior": 31}
            figures |= dict.fromkeys(("teachers", "teachers_certified"), teachers)
            figures |= {"teachers_trained": teachers, "backbone_teachers_primary": 1}
            figures |= {"backbone_teachers_junior": 1, "pe_arts_teachers_primary": 1}
            for code, value in (figures | {"pe_arts_teachers_junior": 1}).items():
                book[SCHOOLS.name].cell(6, SCHOOLS.position(code)).value = value

        return [(f.code, f.cell) for f in excel.read(excel.spoiled(spoil)).errors]

    assert counted(61) == []
    assert counted(60) == [("parts_over_whole", excel.place("teachers", 6))]


def test_comparisons_tell_the_number_that_was_read() -> None:
    last_year = {school["school_code"]: school for school in district.schools()}
    pupils = district.schools()[1]["funded_pupils"]
    typed = f"{pupils * 10:,}人"
    content = excel.with_cell("funded_pupils", typed)
    reading = excel.read(content, last_year=last_year)
    (jump,) = (f for f in reading.warnings if f.code in ("jump", "leap") and f.row == 5)
    assert f"「核定公用经费人数」是 {pupils * 10}，上年是 {pupils}，相差约 10 倍" in jump.text
    assert jump.found == typed


def test_sheets_whose_header_is_lost_are_the_cause_not_blanks() -> None:
    """excel-builder wrote the texts in another order: figures are there, no header is."""

    def spoil(book: Any) -> None:
        for name in (SCHOOLS.name, DISTRICT.name, QUALITATIVE.name):
            for row in (1, 2, 3):
                for cell in book[name][row]:
                    cell.value = "错位"
        for row in range(4, 10):
            book["一票否决"].cell(row, 3).value = None

    with pytest.raises(Refused) as caught:
        excel.read(excel.spoiled(spoil))
    assert caught.value.finding.text == (
        "没有使用本系统的模板：工作表「学校数据、区县数据、定性指标」的前三行不是模板的表头。"
        "请在本页下载本年度模板，把数据粘贴为数值填入后再上传。"
    )
