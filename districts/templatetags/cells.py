"""Cells of Django's model lists that carry the name of their column, for narrow screens."""

from collections.abc import Iterable, Iterator
from typing import Any

from django import template
from django.template.defaultfilters import capfirst
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

register = template.Library()
EMPTY = ">-</a></td>"  # Django links the dash of an empty cell, too


@register.filter
def named_by(cells: Iterable[SafeString], headers: Iterable[dict[str, Any]]) -> Iterator[str]:
    """Each ``<td>`` with ``data-k``, what its column is called; the box that chooses goes without.
    What is empty is no link: nothing is behind it.

    Both come from Django's ``result_list``, escaped already; a name is put into its header, for
    the next line.
    """
    for cell, header in zip(cells, headers, strict=False):
        if "named" not in header:
            header["named"] = format_html('<td data-k="{}"', capfirst(header["text"]))
        name = header["named"]
        if cell.startswith("<td") and cell.endswith(EMPTY):
            cell = mark_safe(cell[: cell.index("<a ")] + "-</td>")  # noqa: PLW2901, S308
        is_named = cell.startswith("<td") and "action-checkbox" not in cell[:40]
        yield mark_safe(name + cell.removeprefix("<td")) if is_named else cell  # noqa: S308
