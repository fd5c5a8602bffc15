"""An empty document in the form: sheets, styles, page numbers; nothing of the library's own."""

import re
from functools import cache
from importlib.resources import files
from io import BytesIO
from typing import Any

from docx import Document
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn

from . import form
from .form import Page

_UNWANTED = ("stylesWithEffects", "customXml", "webSettings", "numbering", "thumbnail")
_UNSET = ("w:savePreviewPicture", "w:rsids", "w:proofState", "m:mathPr")
FOLIO_AT, FOLIO_HIGH = 1447, 280  # of the page number, from the lower edge
_THEME_FONT = re.compile(r'(<a:(?:latin|ea|font script="(?:Jpan|Hans)") typeface=")[^"]*"')


@cache
def _empty() -> bytes:
    """The library's own document, once, without what is not wanted of it."""
    document: Any = Document()
    _drop(document.part)
    _drop(document.part.package)
    styles = document.styles.element
    for child in list(styles):
        styles.remove(child)
    styles.extend(list(parse_xml(_own("styles.xml"))))
    # Each with the names that Windows and macOS know it by.
    _part(document, "fontTable")._blob = _own("fonts.xml").encode("utf-8")
    _rewrite_theme(_part(document, "theme"))
    _set(document.settings.element)
    buffer = BytesIO()
    document.save(buffer)
    return buffer.getvalue()


def begin(page: Page = form.STRICT) -> Any:
    """A document of one section without a paragraph."""
    document: Any = Document(BytesIO(_empty()))
    lay_out(document.sections[0], page)
    return document


def lay_out(section: Any, page: Page) -> None:
    """The sheet of a section and where its pages are numbered."""
    element = section._sectPr
    for child in list(element):
        if child.tag in {qn("w:pgSz"), qn("w:pgMar"), qn("w:docGrid"), qn("w:cols")}:
            element.remove(child)
    (width, height), turned = page.size, ' w:orient="landscape"' if page.is_landscape else ""
    element.extend(
        parse_xml(
            f"<w:sectPr {nsdecls('w')}>"
            f'<w:pgSz w:w="{width}" w:h="{height}"{turned}/>'
            f'<w:pgMar w:top="{page.top}" w:right="{page.right}" w:bottom="{page.bottom}"'
            f' w:left="{page.left}" w:header="851" w:footer="{FOLIO_AT}" w:gutter="0"/>'
            f'<w:docGrid w:type="lines" w:linePitch="{page.line}"/></w:sectPr>'
        )
    )
    _number_pages(section, page)


def _part(document: Any, kind: str) -> Any:
    return next(
        relation.target_part
        for relation in document.part.rels.values()
        if relation.reltype.endswith(f"/{kind}")
    )


def _drop(owner: Any) -> None:
    for key, relation in list(owner.rels.items()):
        if relation.reltype.rpartition("/")[2] in _UNWANTED:
            del owner.rels[key]


def _rewrite_theme(part: Any) -> None:
    replaced = _THEME_FONT.sub(
        lambda found: found[1] + (form.LATIN if "latin" in found[1] else form.BODY) + '"',
        part.blob.decode("utf-8"),
    )
    part._blob = replaced.encode("utf-8")


def _set(settings: Any) -> None:
    """Numbers outside on facing pages; Chinese is what is written here."""
    for child in list(settings):
        if child.tag in set(map(qn, _UNSET)):
            settings.remove(child)
    language = settings.find(qn("w:themeFontLang"))
    language.set(qn("w:eastAsia"), "zh-CN")
    facing = parse_xml(f"<w:evenAndOddHeaders {nsdecls('w')}/>")
    settings.find(qn("w:defaultTabStop")).addnext(facing)
    settings.find(qn("w:zoom")).set(qn("w:percent"), "100")


def _number_pages(section: Any, page: Page) -> None:
    for footer, side in ((section.footer, "right"), (section.even_page_footer, "left")):
        footer.is_linked_to_previous = False
        element = footer._element
        for child in list(element):
            element.remove(child)
        element.extend(list(parse_xml(_folio(side, page))))


def _folio(side: str, page: Page) -> str:
    """``— 1 —`` one character in from the outer edge; a sheet that lies across has it where it
    stands once the sheet is turned upright, so it reads from top to bottom there."""
    frame = flow = after = ""
    if page.is_landscape:
        frame = (
            f'<w:framePr w:w="{FOLIO_HIGH}" w:h="{form.INK}" w:hRule="exact" w:wrap="around"'
            f' w:vAnchor="page" w:hAnchor="page" w:x="{FOLIO_AT}" w:y="{page.top}"/>'
        )
        flow = '<w:textDirection w:val="tbRl"/>'
        after = '<w:p><w:pPr><w:pStyle w:val="Folio"/></w:pPr></w:p>'  # what the frame hangs on
    return (
        f'<w:ftr {nsdecls("w")}><w:p><w:pPr><w:pStyle w:val="Folio"/>{frame}'
        f'<w:ind w:{side}Chars="100" w:{side}="280"/><w:jc w:val="{side}"/>{flow}</w:pPr>'
        f"{_number()}</w:p>{after}</w:ftr>"
    )


def _number() -> str:
    properties = (
        f'<w:rPr><w:rFonts w:ascii="{form.FOLIO}" w:hAnsi="{form.FOLIO}"'
        f' w:eastAsia="{form.FOLIO}"/><w:sz w:val="{form.FOUR}"/>'
        f'<w:szCs w:val="{form.FOUR}"/></w:rPr>'
    )
    parts = (
        '<w:t xml:space="preserve">— </w:t>',
        '<w:fldChar w:fldCharType="begin"/>',
        '<w:instrText xml:space="preserve">PAGE</w:instrText>',
        '<w:fldChar w:fldCharType="separate"/>',
        "<w:t>1</w:t>",
        '<w:fldChar w:fldCharType="end"/>',
        '<w:t xml:space="preserve"> —</w:t>',
    )
    return "".join(f"<w:r>{properties}{part}</w:r>" for part in parts)


def _own(name: str) -> str:
    return files(__package__).joinpath(name).read_text("utf-8")
