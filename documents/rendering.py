"""Fills a template in: whatever it asks for must be there, and text stays text.

Jinja runs in its sandbox, because offices write templates; a field that is not there stops the
document with its name. Values are escaped, and signs that no document may hold are taken out.
"""

import re
from collections.abc import Mapping
from functools import cache, lru_cache
from io import BytesIO
from typing import Any
from xml.sax.saxutils import quoteattr

from docx.opc.constants import RELATIONSHIP_TYPE
from docx.opc.part import Part
from docx.shared import Twips
from docxtpl import DocxTemplate, InlineImage
from jinja2 import StrictUndefined, Template, TemplateError, UndefinedError, nodes
from jinja2.exceptions import SecurityError
from jinja2.sandbox import ImmutableSandboxedEnvironment

from . import form
from .drawing import picture, vector
from .faults import UnknownField, Unsafe, Unwritable
from .packing import packed

_FORBIDDEN = re.compile("[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff\ufffe\uffff]")


_BLIP = re.compile("<(a:blip [^>]*)/>")
_SVG = (
    '<a:extLst><a:ext uri="{{96DAC541-7B7A-43D3-8B79-37D633B846F1}}"><asvg:svgBlip'
    ' xmlns:asvg="http://schemas.microsoft.com/office/drawing/2016/SVG/main" r:embed="{}"/>'
    "</a:ext></a:extLst>"
)
_PLAIN = (
    *(nodes.Template, nodes.Output, nodes.TemplateData, nodes.For, nodes.If, nodes.CondExpr),
    *(nodes.Name, nodes.Getattr, nodes.Getitem, nodes.Const, nodes.List, nodes.Tuple),
    *(nodes.Compare, nodes.Operand, nodes.Not, nodes.And, nodes.Or),
)
_NAMED = frozenset(  # filters and tests that make nothing longer
    (*("default", "defined", "e", "escape", "first", "last", "length", "none", "undefined"),)
)
MOST_READ = 100  # parts of templates
_DEEPEST = 3  # lists of a document stand two in each other at most


class Chart(str):
    """An SVG drawing as a value of a field; ``words`` say what it shows."""

    words: str

    def __new__(cls, svg: str, words: str) -> "Chart":
        chart = super().__new__(cls, svg)
        chart.words = words
        return chart


class _Missing(StrictUndefined):
    """Says which field it is and nothing else."""

    @property
    def _undefined_message(self) -> str:
        return str(self._undefined_name or self._undefined_hint)


def _finalize(value: Any) -> Any:
    if value is None:
        return ""
    return _FORBIDDEN.sub("", value) if isinstance(value, str) else value


class _Picture(InlineImage):
    """Drawn when it is asked for, with its words for who does not see it.

    Word since 2016 shows the drawing itself beside it ([MS-ODRAWXML] 2.26.1.1), others the picture.
    """

    def __init__(self, template: DocxTemplate, chart: Chart) -> None:
        super().__init__(template, None, width=Twips(form.INK))
        self.chart = chart

    def _insert_image(self) -> str:
        self.image_descriptor = BytesIO(picture(self.chart))
        xml: str = super()._insert_image()
        words = quoteattr(_FORBIDDEN.sub("", self.chart.words))
        xml = xml.replace("<wp:docPr ", f"<wp:docPr descr={words} ", 1)
        return _BLIP.sub(rf"<\1>{self._drawing()}</a:blip>", xml, count=1)

    def _drawing(self) -> str:
        part = self.tpl.current_rendering_part
        name = part.package.next_partname("/word/media/drawing%d.svg")
        drawing = Part(name, "image/svg+xml", vector(self.chart), part.package)
        return _SVG.format(part.relate_to(drawing, RELATIONSHIP_TYPE.IMAGE))

    def __html__(self) -> str:
        return self._insert_image()


class _Plain(ImmutableSandboxedEnvironment):
    """Fields, loops and conditions: a sum, a call or a long filler could use up the memory."""

    def _parse(self, *args: Any) -> nodes.Template:
        tree = super()._parse(*args)
        for node in tree.find_all(nodes.Node):
            is_plain = isinstance(node, _PLAIN) or (
                isinstance(node, nodes.Filter | nodes.Test) and node.name in _NAMED
            )
            if not is_plain:
                raise SecurityError(_called(node))
        if _depth(tree) > _DEEPEST:
            raise SecurityError("for")
        return tree

    @lru_cache(maxsize=MOST_READ)  # noqa: B019  the environment lives as long as the process
    def from_string(self, *args: Any, **kwargs: Any) -> Template:  # type: ignore[override]
        return super().from_string(*args, **kwargs)


def _called(node: Any) -> str:
    """How the template calls what it uses."""
    used = node.node if isinstance(node, nodes.Call) else node
    return str(getattr(used, "attr", getattr(used, "name", type(used).__name__)))


def _depth(node: nodes.Node) -> int:
    """How many loops stand in each other."""
    inner = max(map(_depth, node.iter_child_nodes()), default=0)
    return inner + isinstance(node, nodes.For)


@cache
def environment() -> ImmutableSandboxedEnvironment:
    """One for all documents: a template is read once."""
    made = _Plain(
        undefined=_Missing, autoescape=True, finalize=_finalize, keep_trailing_newline=True
    )
    made.globals.clear()
    return made


def rendered(template: bytes, fields: Mapping[str, Any]) -> bytes:
    """The document, the same bytes for the same template and fields.

    Raises UnknownField, Unsafe, Unwritable for what the template says, FontsMissing for charts.
    """
    document = DocxTemplate(BytesIO(template))
    values = {
        name: _Picture(document, value) if isinstance(value, Chart) else value
        for name, value in fields.items()
    }
    try:
        document.render(values, environment(), autoescape=True)
    except SecurityError as error:
        raise Unsafe(place=str(error)) from error
    except UndefinedError as error:
        raise UnknownField(field=str(error)) from error
    except (TemplateError, TypeError, ValueError, ZeroDivisionError) as error:
        raise Unwritable(place=_place(error), reason=str(error)) from error
    buffer = BytesIO()
    document.save(buffer)
    return packed(buffer.getvalue())


def _place(error: Exception) -> str:
    """The words around what could not be read."""
    around = " ".join(map(str.strip, getattr(error, "docx_context", ()))).strip()
    return around[:60]
