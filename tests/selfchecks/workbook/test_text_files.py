"""Text tables in the encodings programs really write: the right words, or a question."""

import pytest

from figures.table import Figure
from selfchecks.workbook.examine import examine
from tests.workbooks import district, excel
from workbooks.findings import Refused
from workbooks.reader.text_file import decode, read_text_file
from workbooks.values import read_value

TEXTS = (
    *("沙坪坝区第一小学", "綦江区石角镇小学", "酉阳土家族苗族自治县", "𬭎江", "重庆市巴蜀小学校"),
    *("含,逗号", "含\t制表符", '含"引号"', "含\n换行", "(本部)", "(校区)", "【分校】", "·间隔号"),
    *("㎡ ≥ ± ½", "ⅢⅣ①②", "12345", "－5", "1,234", "备注:无", "ABC中学"),
)
CODECS = ("utf-8", "utf-8-sig", "gb18030", "utf-16", "utf-16-le")


@pytest.mark.parametrize("codec", CODECS)
def test_m24_words_are_never_garbled(codec: str) -> None:
    assert len(TEXTS) >= 20
    for text in TEXTS:
        line = f"学校名称,人数\r\n{text},12\r\n"
        assert decode(line.encode(codec))[0].removeprefix("\ufeff") == line


def test_m24_bytes_in_no_known_encoding_are_refused() -> None:
    with pytest.raises(Refused, match="编码"):
        decode(b"\xff\x80\xff,\x81\xff\n")


@pytest.mark.parametrize("separator", [",", "\t", ";", "\uff0c"])
def test_separators(separator: str) -> None:
    text = excel.as_text(district.schools(), separator)
    reading = examine(text.encode(), "自查.csv", excel.expected())
    assert len(reading.schools) == 12
    assert not reading.errors
    assert not reading.warnings


def test_codes_kept_as_formula_text_and_empty_lines() -> None:
    grid = read_text_file(b'a,b\n\n="0012",\'=x\n').grids[0]
    assert [line.number for line in grid.lines] == [1, 3]
    code = Figure("code", "标识码", "text")
    values = [read_value(code, cell).value for cell in grid.lines[1].cells.values()]
    assert values == ["0012", "=x"]


def test_an_open_quotation_mark_is_no_accident() -> None:
    huge = '学校，"' + "字" * 200_000
    with pytest.raises(Refused):
        examine(huge.encode(), "自查.csv", excel.expected())


def test_too_many_columns() -> None:
    with pytest.raises(Refused) as caught:
        examine((",".join("a" * 101) + "\n").encode(), "自查.csv")
    assert caught.value.state == "out_of_bounds"
