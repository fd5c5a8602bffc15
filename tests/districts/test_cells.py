"""A model list is read on a phone too: every value says what it is, filters are folded."""

import re
from collections.abc import Callable

import pytest
from django.test import Client
from django.utils.safestring import mark_safe

from districts.models import User
from districts.templatetags.cells import named_by

pytestmark = pytest.mark.django_db


def test_each_value_carries_the_name_of_its_column() -> None:
    cells = [
        '<td class="action-checkbox"><input></td>',
        '<th class="field-name"><a href="/1/">a</a></th>',
        '<td class="field-area">7</td>',
    ]
    headers = [{"text": mark_safe("<input>")}, {"text": "name"}, {"text": 'area "㎡"'}]
    assert list(named_by(map(mark_safe, cells), headers)) == [
        *cells[:2],
        '<td data-k="Area &quot;㎡&quot;" class="field-area">7</td>',
    ]


def test_what_is_empty_is_no_link() -> None:
    cells = [
        '<th class="field-number"><a href="/7/change/">7</a></th>',
        '<td class="field-object_label"><a href="/7/change/">-</a></td>',
        '<td class="field-name"><a href="/7/change/">b-</a></td>',
    ]
    headers = [{"text": "number"}, {"text": "object"}, {"text": "name"}]
    assert list(named_by(map(mark_safe, cells), headers)) == [
        cells[0],
        '<td data-none class="field-object_label">-</td>',
        f'<td data-k="Name"{cells[2][3:]}',
    ]


def test_a_list_of_units_has_names_and_folded_filters(
    reference: None, zhou_inspector: User, signed_in: Callable[[User], Client]
) -> None:
    client = signed_in(zhou_inspector)
    page = client.get("/admin/districts/district/").content.decode()
    rows = re.findall(r"<tr>(<th class=.*?)</tr>", page, re.DOTALL)
    assert len(rows) > 40
    assert all("<td data-" in row and "<td class" not in row for row in rows)
    assert re.search(r'<details class="fold">\s*<summary[^>]*>筛选', page)
    narrowed = client.get("/admin/districts/district/?exists=no")
    assert '<details class="fold" open>' in narrowed.content.decode()
