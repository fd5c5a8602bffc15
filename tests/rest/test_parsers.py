"""JSON bodies are read strictly, and each refusal says what was found."""

from decimal import Decimal
from io import BytesIO
from typing import Any

import pytest

from rest.parsers import DEEPEST, StrictJsonParser
from rest.problems import Unreadable


def parsed(body: bytes) -> Any:
    return StrictJsonParser().parse(BytesIO(body))


def test_reads_json_with_exact_decimals() -> None:
    content = parsed('{"名称": "小学", "value": 0.1, "count": 3, "list": [true, null]}'.encode())
    assert content == {"名称": "小学", "value": Decimal("0.1"), "count": 3, "list": [True, None]}


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (b'{"a": NaN}', "NaN"),
        (b"[-Infinity]", "-Infinity"),
        (b'{"a": 1', "JSON"),
        (b"", "JSON"),
        (b"{'a': 1}", "JSON"),
        ('{"a": "铜梁"}'.encode("gbk"), "UTF-8"),
        (b'{"a": "\\ud800"}', "残缺"),
        (b'{"\\ud800": 1}', "残缺"),
        (b"1" * 50, "太长"),
        (b"[1e99999999999999999999]", "太长"),
        (b"[" * 5000, "嵌套"),
        (b"[" * (DEEPEST + 1) + b"]" * (DEEPEST + 1), "嵌套"),
    ],
)
def test_refuses_with_a_sentence(body: bytes, words: str) -> None:
    with pytest.raises(Unreadable) as refusal:
        parsed(body)
    assert refusal.value.status_code == 400
    assert words in str(refusal.value.detail)


def test_reads_what_other_programs_write() -> None:
    """A BOM as .NET writes it, and R's way of writing a hundred thousand."""
    content = parsed(b'\xef\xbb\xbf{"a": 1e+05, "b": 2.5E1, "c": 1.50e1, "d": 7.0, "e": -1e-2}')
    assert content == {
        "a": 100_000,
        "b": 25,
        "c": 15,
        "d": Decimal("7.0"),
        "e": Decimal("-0.01"),
    }
    assert [type(value) for value in content.values()] == [int, int, int, Decimal, Decimal]


def test_a_number_beyond_all_measure_stays_as_it_came() -> None:
    assert parsed(b"[1e400]") == [Decimal("1e400")]


def test_repeated_names_are_pointed_at() -> None:
    with pytest.raises(Unreadable) as refusal:
        parsed(b'{"changes": {"500151": 2027, "500151": 2028}, "a/b": 1, "a/b": 2}')
    assert refusal.value.status_code == 422
    pointers = [error["pointer"] for error in refusal.value.errors]
    assert pointers == ["/a~1b", "/changes/500151"]


def test_whole_characters_may_come_as_two_escapes() -> None:
    assert parsed(b'{"a": ["\\ud83c\\udfeb", 0.5], "b": "\\\\ud800"}') == {
        "a": ["\U0001f3eb", Decimal("0.5")],
        "b": "\\ud800",
    }


def test_a_member_too_deep_is_refused_whatever_it_is() -> None:
    with pytest.raises(Unreadable):
        parsed(b'{"a":' * DEEPEST + b"1" + b"}" * DEEPEST)


def test_nesting_up_to_the_limit_is_read() -> None:
    parsed(b"[" * (DEEPEST - 1) + b"1" + b"]" * (DEEPEST - 1))
