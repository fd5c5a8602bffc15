"""Findings speak plain Chinese, can be translated later, kept as JSON and grouped."""

import json
from typing import Any

from selfchecks.workbook.wording import KINDS
from tests.workbooks import excel
from workbooks.findings import Finding, Message, Severity, count_by_severity
from workbooks.wording.values import APPROXIMATE, NOT_REPORTED


def one(cell: str = "F6", row: int = 6, field: str = "小学在校生数") -> Finding:
    params = {"rule": Message("0 或以上的整数")}
    return Finding(APPROXIMATE, params, "学校数据", cell, row, field, "约12")


def test_text_says_what_where_what_was_expected_and_what_to_do() -> None:
    assert one().text == (
        "F6 填的「约12」是约数或范围。「小学在校生数」应当是：0 或以上的整数。请填一个确切的数字。"
    )


def test_templates_and_parameters_are_translated_apart() -> None:
    english = {
        APPROXIMATE.what: "{cell} holds “{found}”, an estimate.",
        APPROXIMATE.expected: "Expected for {field}: {rule}. ",
        APPROXIMATE.fix: "Enter one exact number.",
        "0 或以上的整数": "a whole number from 0",
        "小学在校生数": "primary pupils",
    }
    assert one().render(lambda text: english[text]) == (
        "F6 holds “约12”, an estimate. Expected for primary pupils: a whole number from 0. "
        "Enter one exact number."
    )


def test_json_and_back() -> None:
    reading = excel.read(excel.spoiled(spoil))
    assert len(reading.findings) > 5
    for finding in reading.findings:
        stored = json.loads(json.dumps(finding.as_dict(), ensure_ascii=False))
        again = Finding.from_dict(stored, KINDS)
        assert (again.text, again.place, again.code) == (finding.text, finding.place, finding.code)
        assert again.about == finding.about


def test_a_finding_kept_before_rows_were_named_still_opens() -> None:
    stored = one().as_dict()
    del stored["about"]
    assert Finding.from_dict(stored, KINDS).about == ""


def test_findings_name_the_school_indicator_or_item_of_their_row() -> None:
    def spoil(book: Any) -> None:
        book[excel.SHEET]["F6"].value = "约12"
        book["定性指标"]["B4"].value = "规划布局合理"
        book["定性指标"]["C4"].value = "好"
        book["一票否决"]["C5"].value = "不清楚"
        book["区县数据"]["D4"].value = "约12"

    reading = excel.read(excel.spoiled(spoil))
    assert {f.place: f.about for f in reading.errors} == {
        "学校数据!F6": "沙坪坝区第3小学",
        "定性指标!C4": "B1 规划布局合理",
        "一票否决!C5": "V2 违规择校",
        "区县数据!D4": "",
    }


def test_findings_run_down_the_sheets_of_the_file() -> None:
    def spoil(book: Any) -> None:
        book["一票否决"]["C5"].value = "不清楚"
        book[excel.SHEET]["F9"].value = "约12"
        book[excel.SHEET]["AA6"].value = 9999
        book["区县数据"]["D4"].value = "约12"

    reading = excel.read(excel.spoiled(spoil))
    places = ["学校数据!AA6", "学校数据!F9", "区县数据!D4", "一票否决!C5"]
    assert [f.place for f in reading.errors] == places


def spoil(book: Any) -> None:
    sheet = book[excel.SHEET]
    sheet["F6"].value, sheet["F10"].value, sheet["X8"].value = "约12", "约13", None
    sheet["AA9"].value, sheet["Z7"].value = 99999, "1,234"
    sheet.row_dimensions[5].hidden = True


def test_braces_in_what_people_type_are_only_text() -> None:
    finding = Finding(APPROXIMATE, {"rule": "{x}"}, "", "F6", 6, "{0}", "{found!r}")
    assert "{found!r}" in finding.text


def test_long_text_is_shortened_in_messages() -> None:
    finding = Finding(APPROXIMATE, {"rule": ""}, found="长" * 500)
    assert len(finding.text) < 200


def test_counting() -> None:
    findings = [one("F7", 7), one("F6", 6), Finding(NOT_REPORTED, {}, "学校数据", "G6", 6, "初中")]
    counts = count_by_severity(findings)
    assert (counts[Severity.ERROR], counts[Severity.WARNING], counts[Severity.NOTICE]) == (2, 1, 0)
