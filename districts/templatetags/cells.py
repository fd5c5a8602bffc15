"""Cells of Django's model lists that carry the name of their column, for narrow screens."""

from collections.abc import Iterable, Iterator
from typing import Any

from django import template
from django.template.defaultfilters import capfirst
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

register = template.Library()
EMPTY = (">-</td>", ">-</a></td>")  # Django links the dash of an empty cell, too


@register.filter
def named_by(cells: Iterable[SafeString], headers: Iterable[dict[str, Any]]) -> Iterator[str]:
    """Each ``<td>`` with ``data-k``, what its column is called; the box that chooses goes without.
    What is empty is no link, for nothing is behind it, and ``data-none``, which a phone leaves out.

    Both come from Django's ``result_list``, escaped already; a name is put into its header, for
    the next line.
    """
    for cell, header in zip(cells, headers, strict=False):
        if "named" not in header:
            header["named"] = format_html('<td data-k="{}"', capfirst(header["text"]))
        if not cell.startswith("<td") or "action-checkbox" in cell[:40]:
            yield cell
        elif cell.endswith(EMPTY):
            yield mark_safe(f"<td data-none{cell[3 : cell.index('>')]}>-</td>")  # noqa: S308
        else:
            yield mark_safe(header["named"] + cell.removeprefix("<td"))  # noqa: S308
