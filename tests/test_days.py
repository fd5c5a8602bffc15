"""Chinese sets no space after a day that ends in 日: 9月10日前, never 9月10日 前."""

import ast
import re
from collections.abc import Iterator

import pytest

from tests.source import files, modules, tree

HAN = "[\u3400-\u9fff]"
ALWAYS = {"day", "due_on"}  # what sentences call a day wherever they stand, notices too
GIVEN = re.compile(r'(\w+)=[\w.]+\|date(?::"DATE_FORMAT")?(?=[\s|%])')
BLOCK = re.compile(r"{% blocktranslate(.*?)%}(.*?){% endblocktranslate %}", re.DOTALL)


def parted(sentence: str, names: set[str]) -> list[str]:
    """The days among ``names`` that a sentence parts from the character behind."""
    gap = rf"(?:%\((\w+)\)s|\{{\{{? ?(\w+) ?\}}?\}}|%(s))\s+(?={HAN})"
    found = {next(filter(None, match)) for match in re.findall(gap, sentence)}
    return sorted(found & names)


def days_in(function: ast.AST) -> set[str]:
    """What a function fills with ``day_text``: names in a dictionary, and the nameless ``%s``."""
    named, nameless = set(), set()
    for node in ast.walk(function):
        if isinstance(node, ast.Dict):
            pairs = zip(node.keys, node.values, strict=True)
            named |= {key.value for key, value in pairs if is_day(value)}  # type: ignore[union-attr]
        if isinstance(node, ast.BinOp) and is_day(node.right):
            nameless = {"s"}
    return named | nameless


def is_day(node: ast.AST) -> bool:
    return isinstance(node, ast.Call) and getattr(node.func, "id", "") == "day_text"


def in_python() -> Iterator[tuple[str, list[str]]]:
    for path in modules():
        functions = [each for each in ast.walk(tree(path)) if isinstance(each, ast.FunctionDef)]
        for place in (tree(path), *functions):
            names = ALWAYS | (days_in(place) if place in functions else set())
            for node in ast.walk(place):
                if isinstance(node, ast.Constant) and isinstance(node.value, str):
                    yield node.value, parted(node.value, names)


def in_templates() -> Iterator[tuple[str, list[str]]]:
    for path in files(".html"):
        for head, body in BLOCK.findall(path.read_text(encoding="utf-8")):
            yield body, parted(body, {"day", *GIVEN.findall(head)})


@pytest.mark.parametrize("sentences", [in_python, in_templates])
def test_no_day_is_parted_from_what_follows(sentences: object) -> None:
    assert not [found for found in sentences() if found[1]]  # type: ignore[operator]


@pytest.mark.parametrize(
    ("sentence", "found"),
    [
        ("请在 %(due_on)s 前报送", ["due_on"]),
        ("{{ day }} 起督促", ["day"]),
        ("%s 还没有到", ["s"]),
        ("%(due_on)s前报送，共 %(count)s 个", []),
        ("截至 %(day)s，%(count)s 个", []),
    ],
)
def test_a_parted_day_is_seen(sentence: str, found: list[str]) -> None:
    assert parted(sentence, {"day", "due_on", "s"}) == found
