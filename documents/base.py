"""An empty document in the form: sheets, styles, page numbers; nothing of the library's own."""

import re
from functools import cache
from importlib.resources import files
from io import BytesIO
from typing import Any

from docx import Document
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.opc.part import Part
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn

from . import form
from .form import Page

_UNWANTED = (
    *("stylesWithEffects", "customXml", "fontTable", "webSettings", "numbering"),
    "thumbnail",
)
_UNSET = ("w:savePreviewPicture", "w:rsids", "w:proofState", "m:mathPr")
FOLIO_AT = 1447  # of the page number, from the lower edge
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
    styles.extend(list(parse_xml(_styles())))
    _rewrite_theme(document.part.part_related_by(RELATIONSHIP_TYPE.THEME))
    _set(document.settings.element)
    buffer = BytesIO()
    document.save(buffer)
    return buffer.getvalue()


def begin(page: Page = form.STRICT) -> Any:
    """A document of one section without a paragraph."""
    document: Any = Document(BytesIO(_empty()))
    section = document.sections[0]
    lay_out(section, page)
    _number_pages(section)
    return document


def lay_out(section: Any, page: Page) -> None:
    """The sheet of a section."""
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


def _drop(owner: Any) -> None:
    for key, relation in list(owner.rels.items()):
        if relation.reltype.rpartition("/")[2] in _UNWANTED:
            del owner.rels[key]


def _rewrite_theme(part: Part) -> None:
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
    zoom = settings.find(qn("w:zoom"))
    zoom.addnext(parse_xml(f"<w:evenAndOddHeaders {nsdecls('w')}/>"))
    zoom.set(qn("w:percent"), "100")


def _number_pages(section: Any) -> None:
    for footer, side in ((section.footer, "right"), (section.even_page_footer, "left")):
        footer.is_linked_to_previous = False
        paragraph = footer.paragraphs[0]._p
        for child in list(paragraph):
            paragraph.remove(child)
        paragraph.extend(list(parse_xml(_folio(side))))


def _folio(side: str) -> str:
    """``— 1 —`` one character in from the outer edge."""
    properties = (
        f'<w:rPr><w:rFonts w:ascii="{form.FOLIO}" w:hAnsi="{form.FOLIO}"'
        f' w:eastAsia="{form.FOLIO}"/><w:sz w:val="{form.FOUR}"/>'
        f'<w:szCs w:val="{form.FOUR}"/></w:rPr>'
    )
    field = "".join(
        f"<w:r>{properties}{part}</w:r>"
        for part in (
            '<w:t xml:space="preserve">— </w:t>',
            '<w:fldChar w:fldCharType="begin"/>',
            '<w:instrText xml:space="preserve">PAGE</w:instrText>',
            '<w:fldChar w:fldCharType="separate"/>',
            "<w:t>1</w:t>",
            '<w:fldChar w:fldCharType="end"/>',
            '<w:t xml:space="preserve"> —</w:t>',
        )
    )
    return (
        f'<w:p {nsdecls("w")}><w:pPr><w:pStyle w:val="Folio"/>'
        f'<w:ind w:{side}Chars="100" w:{side}="280"/><w:jc w:val="{side}"/></w:pPr>{field}</w:p>'
    )


def _styles() -> str:
    return files(__package__).joinpath("styles.xml").read_text("utf-8")
