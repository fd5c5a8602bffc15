"""What other programs write: judged by what will be read, one odd cell one finding, never lost."""

import io
import re
import zipfile

import openpyxl
import pytest

from selfchecks.workbook.examine import examine
from selfchecks.workbook.reading import DATA_SHEETS
from tests.workbooks import district, excel, packages
from tests.workbooks.packages import SHEET, STYLES
from workbooks.findings import Refused
from workbooks.writer import mark

FIELD = "AC4"  # a count of the first school
CELL = re.compile(rb'<c r="AC4"[^>]*?(?:/>|>.*?</c>)', re.DOTALL)
CONTENT_TYPES, WORKBOOK = "[Content_Types].xml", "xl/workbook.xml"


def read(content):
    return examine(content, "自查.xlsx", excel.expected(register=()))


def with_cell(cell, **parts):
    """A clean workbook with one cell written another way."""
    content = packages.parts_of(packages.clean())
    content[SHEET] = CELL.sub(lambda _: cell, content[SHEET], count=1)
    for name, change in parts.items():
        name = {"workbook": WORKBOOK, "styles": STYLES}[name]
        content[name] = change(content[name])
    return packages.pack(content)


def with_format(code="", number=164, text=b"345"):
    """The cell shown with a number format, by its code or by a number programs know."""
    xf = f'<xf numFmtId="{number}" fontId="0" fillId="0" borderId="0" xfId="0"/></cellXfs>'
    formats = f'<numFmts count="1"><numFmt numFmtId="{number}" formatCode="{code}"/></numFmts>'
    count = {}

    def change(xml):
        xml = re.sub(rb"<numFmts.*?</numFmts>|<numFmts[^>]*/>", b"", xml, flags=re.DOTALL)
        if code:
            xml = re.sub(rb"(<styleSheet[^>]*>)", rb"\1" + formats.encode(), xml, count=1)
        body = re.search(rb"<cellXfs.*?</cellXfs>", xml, re.DOTALL)[0]
        count["n"] = len(re.findall(rb"<xf[ />]", body))
        return xml.replace(b"</cellXfs>", xf.encode())

    change(packages.parts_of(packages.clean())[STYLES])
    return with_cell(b'<c r="AC4" s="%d"><v>%s</v></c>' % (count["n"], text), styles=change)


def told(content):
    return {(f.code, f.cell) for f in read(content).findings if f.cell == FIELD}


CLEAN = read(packages.clean())


def values(content):
    reading = read(content)
    assert not reading.errors, [finding.text for finding in reading.errors]
    return [{code: answer.value for code, answer in row.answers.items()} for row in reading.schools]


def same(content):
    assert values(content) == values(packages.clean())
    marked = mark(content, CLEAN.findings, DATA_SHEETS)
    assert values(marked) == values(packages.clean())


@pytest.mark.parametrize("codec", ["utf-16", "utf-16-le", "utf-16-be", "ascii", "gb18030"])
@pytest.mark.parametrize("part", [SHEET, STYLES, WORKBOOK, CONTENT_TYPES])
def test_parts_in_any_legal_encoding(codec, part) -> None:
    def recode(xml):
        text = re.sub(r"^<\?xml[^>]*\?>", "", xml.decode())
        name = "UTF-16" if codec.startswith("utf-16-") else codec.upper()
        if codec == "ascii":
            text = re.sub(r"[^\x00-\x7f]", lambda m: f"&#{ord(m[0])};", text)
        return f'<?xml version="1.0" encoding="{name}"?>{text}'.encode(codec)

    same(packages.edited(part, recode))


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("xl/media/image1.svg", b'<?xml version="1.0"?><!DOCTYPE svg><svg/>'),
        ("customXml/item1.xml", '<?xml version="1.0" encoding="utf-16"?><a/>'.encode("utf-16")),
        ("customXml/item2.xml", b"<not <well formed"),
        ("xl/theme/theme9.xml", b"<!DOCTYPE x><theme/>"),
    ],
)
def test_a_part_nobody_parses_decides_nothing(name, content) -> None:
    same(packages.with_part(name, content))


def test_a_declared_but_absent_macro_is_none_and_a_hidden_one_is() -> None:
    declared = b'<Default Extension="bin" ContentType="application/vnd.ms-office.vbaProject"/>'

    def declare(xml):
        return xml.replace(b"</Types>", declared + b"</Types>")

    parts = packages.parts_of(packages.edited(CONTENT_TYPES, declare))
    same(packages.pack(parts))
    same(packages.pack({**parts, "xl/printerSettings/p1.bin": b"settings"}))
    with pytest.raises(Refused) as caught:
        read(packages.pack({**parts, "xl/other.bin": packages.OLE2 + b"x" * 99}))
    assert caught.value.state == "macro"


@pytest.mark.parametrize(
    "change",
    [
        lambda xml: xml.replace(b"<fills", b"<fills><fill/>", 1),
        lambda xml: re.sub(rb"<fill>.*?</fill>", b"<fill/>", xml, flags=re.DOTALL),
        lambda xml: re.sub(rb'style="thin"', b'style=""', xml),
        lambda xml: xml.replace(b"<font>", b'<font><family val="15"/>'),
        lambda xml: re.sub(rb"<cellStyles.*?</cellStyles>", b"", xml, flags=re.DOTALL),
        lambda xml: re.sub(rb'numFmtId="\d+"', b'numFmtId="x"', xml),
        lambda xml: re.sub(
            rb"(<styleSheet[^>]*>).*(</styleSheet>)", rb"\1\2", xml, flags=re.DOTALL
        ),
    ],
)
def test_of_styles_only_number_formats_matter(change) -> None:
    same(packages.edited(STYLES, change))


def test_a_workbook_without_styles_is_read_and_marked() -> None:
    parts = packages.parts_of(packages.clean())
    del parts[STYLES]
    rels = "xl/_rels/workbook.xml.rels"
    parts[rels] = re.sub(rb"<Relationship [^>]*styles[^>]*/>", b"", parts[rels])
    parts[CONTENT_TYPES] = re.sub(rb"<Override [^>]*styles[^>]*/>", b"", parts[CONTENT_TYPES])
    content = packages.pack(parts)
    same(content)
    openpyxl.load_workbook(io.BytesIO(mark(content, CLEAN.findings, DATA_SHEETS)))


@pytest.mark.parametrize("name", ["xl/workbook2.xml", "book/Main.xml"])
def test_the_workbook_is_where_the_package_says(name) -> None:
    parts = packages.parts_of(packages.clean())
    folder, _, last = name.rpartition("/")
    rels = parts.pop("xl/_rels/workbook.xml.rels").replace(b'Target="/xl/', b'Target="../xl/')
    rels = re.sub(rb'Target="(?!\.\./|/)', b'Target="/xl/', rels)
    parts[name], parts[f"{folder}/_rels/{last}.rels"] = parts.pop(WORKBOOK), rels
    for part in (CONTENT_TYPES, "_rels/.rels"):
        parts[part] = parts[part].replace(b"xl/workbook.xml", name.encode())
    same(packages.pack(parts))


@pytest.mark.parametrize("part", [SHEET, STYLES, WORKBOOK, "xl/_rels/workbook.xml.rels"])
def test_names_of_parts_are_known_in_any_case(part) -> None:
    parts = packages.parts_of(packages.clean())
    parts[part.upper() if part != WORKBOOK else "XL/Workbook.xml"] = parts.pop(part)
    same(packages.pack(parts))


def test_strict_and_prefixed_workbooks_are_read() -> None:
    main, office = packages.MAIN, "http://schemas.openxmlformats.org/officeDocument/2006"
    parts = {
        name: content.replace(
            main.encode(), b"http://purl.oclc.org/ooxml/spreadsheetml/main"
        ).replace(office.encode(), b"http://purl.oclc.org/ooxml/officeDocument")
        if name.endswith((".xml", ".rels"))
        else content
        for name, content in packages.parts_of(packages.clean()).items()
    }
    assert values(packages.pack(parts)) == values(packages.clean())
    assert values(packages.edited(SHEET, packages.with_prefix)) == values(packages.clean())


@pytest.mark.parametrize(
    ("cell", "code"),
    [
        (b'<c r="AC4"><f>1+1</f></c>', "uncached"),
        (b'<c r="AC4"><f>1+1</f><v></v></c>', "uncached"),
        (b'<c r="AC4"><f/><v/></c>', "uncached"),
        (b"<c><f>1+1</f></c>", "uncached"),
        (b'<c r="AC4"><v>NaN</v></c>', "not_plain"),
        (b'<c r="AC4"><v>-INF</v></c>', "not_plain"),
        (b'<c r="AC4"><v>1_000</v></c>', "not_plain"),
        (b'<c r="AC4" t="b"><v>true</v></c>', "true_false"),
        (b'<c r="AC4" t="b"><v>0</v></c>', "true_false"),
        (b'<c r="AC4" t="b"><v>yes</v></c>', "not_a_number"),
        (b'<c r="AC4" t="s"><v>99999</v></c>', "formula_error"),
        (b'<c r="AC4" t="s"><v>x</v></c>', "formula_error"),
        (b'<c r="AC4" t="e"><v>#N/A</v></c>', "formula_error"),
        (b'<c r="AC4" t="d"><v>2026-09-01</v></c>', "stored_as_date"),
        (b'<c r="AC4" t="str"><v>345_x000D_</v></c>', "read_as"),
        (b'<c r="AC4" t="inlineStr"><is><t>345_x000D__x000A_</t></is></c>', "read_as"),
        (b'<c r="AC4" t="inlineStr"><is><t>345_x005F_x000D_</t></is></c>', "not_a_number"),
        (b'<c r="AC4" t="inlineStr"><is><t> </t></is></c>', "not_reported"),
        (b'<c r="AC4" t="inlineStr"/>', "not_reported"),
    ],
)
def test_an_odd_cell_is_one_finding_at_its_place(cell, code) -> None:
    content = with_cell(cell)
    assert [code for code, _ in told(content)] == [code]
    outside = [f.text for f in read(content).errors if f.cell != FIELD]
    assert not outside


def asks_to_calculate(xml):
    xml = re.sub(rb"<calcPr[^>]*/>", b"", xml)
    return xml.replace(b"</workbook>", b'<calcPr fullCalcOnLoad="1"/></workbook>')


def test_h16_a_zero_of_a_workbook_never_calculated_is_no_result() -> None:
    zero = b'<c r="AC4"><f>SUM(A1)</f><v>0</v></c>'
    assert told(with_cell(zero, workbook=asks_to_calculate)) == {("uncached", FIELD)}
    calm = with_cell(zero, workbook=lambda xml: xml.replace(b'fullCalcOnLoad="1"', b""))
    assert ("uncached", FIELD) not in told(calm)
    plain = with_cell(b'<c r="AC4"><v>0</v></c>', workbook=asks_to_calculate)
    assert ("uncached", FIELD) not in told(plain)


@pytest.mark.parametrize("number", [14, 27, 31, 36, 50, 57, 58])
def test_dates_are_no_counts_whoever_wrote_them(number) -> None:
    assert told(with_format(number=number, text=b"46300")) == {("stored_as_date", FIELD)}


def test_a_file_may_redefine_what_a_format_number_means() -> None:
    assert "stored_as_date" not in {code for code, _ in told(with_format("0.00", number=58))}


@pytest.mark.parametrize("code", ["0.0&quot;%&quot;", "0\\%", "0_%"])
def test_a_sign_that_is_only_shown_is_told_and_asked(code) -> None:
    content = with_format(code)
    assert told(content) == {("percent_shown", FIELD)}
    assert read(content).schools[0].value("funded_pupils") == 345


def test_a_true_percentage_is_no_count() -> None:
    assert told(with_format("0.0%")) == {("no_percent", FIELD)}


@pytest.mark.parametrize(
    "blank",
    [
        b'<c r="A%d" t="inlineStr"><is><t></t></is></c><c r="F%d" t="str"><v> </v></c>',
        b'<c r="A%d" t="inlineStr"><is><t>  </t></is></c><c r="F%d" t="str"><v></v></c>',
        b'<c r="A%d"/><c r="F%d" t="inlineStr"><is><t xml:space="preserve">\n</t></is></c>',
    ],
)
def test_a_row_of_nothing_but_blanks_is_a_blank_row(blank) -> None:
    rows = b"".join(b'<row r="%d">' % n + blank % (n, n) + b"</row>" for n in range(200, 260))
    same(packages.with_rows(rows))


@pytest.mark.parametrize("text", [b"2150000001.0", b"2.150000001E9", b"2150000001.00"])
def test_h32_a_number_with_ten_true_digits_is_the_code(text) -> None:
    place = re.compile(rb'<c r="A4"[^>]*>.*?</c>', re.DOTALL)
    content = packages.edited(SHEET, lambda xml: place.sub(b'<c r="A4"><v>%s</v></c>' % text, xml))
    reading = read(content)
    assert reading.schools[0].code == "2150000001"
    assert "bad_code" not in {finding.code for finding in reading.findings}


def test_h22_a_sheet_without_its_header_is_an_error() -> None:
    rows = re.compile(rb'<row r="[123]".*?</row>', re.DOTALL)
    content = packages.edited(SHEET, lambda xml: rows.sub(b"", xml))
    reading = read(content)
    assert "header_lost" in {finding.code for finding in reading.errors}
    # The sheet is there: nothing may say that it is missing.
    assert "sheet_missing" not in {finding.code for finding in reading.findings}


@pytest.mark.parametrize("text", [b"2150000001.0", b"2150000001.00"])
def test_h32_a_text_of_ten_digits_and_a_decimal_zero_is_the_code(text) -> None:
    place = re.compile(rb'<c r="A4"[^>]*>.*?</c>', re.DOTALL)
    cell = b'<c r="A4" t="str"><v>%s</v></c>' % text
    reading = read(packages.edited(SHEET, lambda xml: place.sub(cell, xml)))
    assert reading.schools[0].code == "2150000001"
    assert ("read_as", "A4") in {(finding.code, finding.cell) for finding in reading.findings}


def test_a_marked_workbook_keeps_to_the_names_every_reader_knows() -> None:
    content = with_cell(b'<c r="AC4" t="str"><v>345_x000D_abc</v></c>')
    reading = read(content)
    with zipfile.ZipFile(io.BytesIO(mark(content, reading.findings, DATA_SHEETS))) as archive:
        names = archive.namelist()
        links = [archive.read(name).decode() for name in names if name.endswith(".rels")]
    assert "xl/comments1.xml" in names
    added = re.findall(r'Id="rIdCheck\d+"[^>]*Target="([^"]*)"', "".join(links))
    assert added
    assert not [target for target in added if target.startswith("/")]


def test_our_template_has_shared_texts_and_no_empty_ones() -> None:
    content = excel.template(district.schools(3))
    parts = packages.parts_of(content)
    sheets = [xml for name, xml in parts.items() if name.startswith("xl/worksheets/sheet")]
    assert len(sheets) > 3
    assert not [xml for xml in sheets if b"inlineStr" in xml]
    assert b"<t></t>" not in parts["xl/sharedStrings.xml"]
    sheet = openpyxl.load_workbook(io.BytesIO(content)).worksheets[0]
    assert sheet["A1"].value == "school_code"
