"""Opens a guarded .xlsx: its texts and formats once, then its sheets as plain grids."""

import re
from xml.etree.ElementTree import Element
from xml.parsers import expat

from openpyxl.styles.numbers import BUILTIN_FORMATS, is_date_format, is_timedelta_format
from openpyxl.utils.datetime import CALENDAR_MAC_1904, CALENDAR_WINDOWS_1900

from ..findings import N_, Refused
from ..grid import Book, Grid
from ..guard import MAX_CELLS, MAX_STRING_CHARS, MAX_STRINGS, MAX_STYLES
from ..guard.archive import too_big, unreadable
from ..package import YES, Package, Sheet, elements, local
from .contents import Look, Setting, unescaped
from .sheet import Walker

MAX_COLOURED = 1_000
WHITES = {"00000000", "FFFFFFFF", "00FFFFFF"}
# Excel in Chinese shows these numbers as dates without writing any format code.
CJK_DATES = frozenset({*range(27, 37), *range(50, 59)})
LITERAL = re.compile(r'"[^"]*"|\\.|_.|\*.')


def read_excel(content: bytes, not_read: frozenset[str] = frozenset()) -> Book:
    """Every sheet of the workbook; a file no parser understands is ``Refused``."""
    try:
        return _read(content, not_read)
    except (Refused, MemoryError):
        raise
    except Exception as error:  # damaged XML is answered with nearly every exception there is
        raise unreadable(N_("内部结构已损坏")) from error


def _read(content: bytes, not_read: frozenset[str]) -> Book:
    package = Package(content)
    setting = _setting(package)
    grids, count = [], 0
    for sheet in package.sheets():
        if sheet.title in not_read:
            continue
        walker = Walker(setting)
        walker.walk(package.xml(sheet.part))
        grids.append(_grid(sheet, walker))
        count += walker.count
        if count > MAX_CELLS:
            raise too_big(N_("有内容的单元格超过 {limit} 个"), limit=MAX_CELLS)
    return Book(tuple(grids), _properties(package), notices=tuple(package.foreign_parts()))


def _grid(sheet: Sheet, walker: Walker) -> Grid:
    return Grid(
        title=sheet.title,
        lines=tuple(walker.lines),
        merges=tuple(walker.merges),
        hidden_rows=frozenset(walker.hidden_rows),
        hidden_columns=frozenset(walker.hidden_columns),
        coloured_blanks=tuple(walker.coloured[:MAX_COLOURED]),
        external=frozenset(walker.external),
        is_hidden=sheet.is_hidden,
    )


def _setting(package: Package) -> Setting:
    root = package.tree(package.workbook)
    is_1904 = any(e.get("date1904") in YES for e in elements(root, "workbookPr"))
    return Setting(
        strings=_strings(package),
        looks=_looks(package),
        epoch=CALENDAR_MAC_1904 if is_1904 else CALENDAR_WINDOWS_1900,
        is_uncalculated=any(e.get("fullCalcOnLoad") in YES for e in elements(root, "calcPr")),
    )


def _properties(package: Package) -> dict[str, str]:
    part = package.related("", "custom-properties")
    if part is None:
        return {}
    found = elements(package.tree(part), "property")
    return {e.get("name", ""): "".join(e.itertext()) for e in found}


def _shared(package: Package, kind: str) -> str | None:
    """A part of the whole workbook, also where a program forgot to point to it."""
    return package.related(package.workbook, kind) or package.names.get(f"xl/{kind}.xml".lower())


def _strings(package: Package) -> list[str]:
    """The shared texts; how to pronounce them is left out."""
    part = _shared(package, "sharedStrings")
    strings: list[str] = []
    text: list[str] = []
    state = {"depth": 0, "muted": 0}

    def start(name: str, _: dict[str, str]) -> None:
        tag = name.rpartition(" ")[2]
        if tag == "si":
            text.clear()
        state["depth"] += tag == "t"
        state["muted"] += tag == "rPh"

    def end(name: str) -> None:
        tag = name.rpartition(" ")[2]
        state["depth"] -= tag == "t"
        state["muted"] -= tag == "rPh"
        if tag == "si":
            strings.append(_checked("".join(text), strings))

    def characters(data: str) -> None:
        if state["depth"] and not state["muted"]:
            text.append(data)

    if part is not None:
        parser = expat.ParserCreate(namespace_separator=" ")
        parser.buffer_text = True
        parser.StartElementHandler, parser.EndElementHandler = start, end
        parser.CharacterDataHandler = characters
        parser.Parse(package.xml(part), True)
    return strings


def _checked(text: str, strings: list[str]) -> str:
    if len(strings) >= MAX_STRINGS:
        raise too_big(N_("文字超过 {limit} 段"), limit=MAX_STRINGS)
    if len(text) > MAX_STRING_CHARS:
        raise too_big(N_("有一个单元格的文字超过 {limit} 字"), limit=MAX_STRING_CHARS)
    return unescaped(text)


def _looks(package: Package) -> list[Look]:
    """How each cell format shows a number. Of styles nothing else matters, so nothing else can
    be wrong with them."""
    part = _shared(package, "styles")
    if part is None:
        return []
    root = package.tree(part)
    formats = {e.get("numFmtId", ""): e.get("formatCode", "") for e in elements(root, "numFmt")}
    fills = [_is_coloured(fill) for group in elements(root, "fills") for fill in group]
    cells = [xf for group in elements(root, "cellXfs") for xf in group]
    if len(cells) > MAX_STYLES:
        raise too_big(N_("单元格样式超过 {limit} 种"), limit=MAX_STYLES)
    return [_look(xf, formats, fills) for xf in cells]


def _look(xf: Element, formats: dict[str, str], fills: list[bool]) -> Look:
    number, fill = xf.get("numFmtId", "0"), xf.get("fillId", "0")
    code = formats.get(number, "")
    is_cjk = not code and number.isdigit() and int(number) in CJK_DATES
    if not code and number.isdigit():
        code = BUILTIN_FORMATS.get(int(number), "")
    is_percent = "%" in LITERAL.sub("", code)
    return Look(
        is_percent=is_percent,
        shows_percent=not is_percent and "%" in code,
        is_date=is_cjk or bool(is_date_format(code)),
        is_duration=bool(code and is_timedelta_format(code)),
        is_coloured=fill.isdigit() and int(fill) < len(fills) and fills[int(fill)],
    )


def _is_coloured(fill: Element) -> bool:
    for pattern in elements(fill, "patternFill"):
        if pattern.get("patternType", "none") != "none":
            colours = [e.get("rgb") for e in pattern if local(e.tag) == "fgColor"]
            return colours == [] or colours[0] not in WHITES
    return False
