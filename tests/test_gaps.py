"""Chinese sets no space beside a word that is filled in: 渝北区已撤并, never 渝北区 已撤并.

Numbers and what is written in Latin letters (codes, accounts, files, addresses) keep theirs."""

import ast
import re
from collections.abc import Iterator

import polib
import pytest

from tests.source import ROOT, modules, tree

ENGLISH = polib.pofile(str(ROOT / "locale" / "en" / "LC_MESSAGES" / "django.po"))
HAN = "[\u3400-\u9fff，。：；、（）「」]"
# What is filled with Chinese words is called so, and nothing else is: an account is ``account``.
WORDS = {
    *("actor", "author", "inspector", "person", "who"),
    *("district", "heir", "name", "names", "place", "school", "successor", "unit"),
    *("case", "document", "field", "fields", "label", "labels", "measure", "on", "paper"),
    *("comment", "kind", "parts", "reason", "stage", "state", "step", "subject", "title"),
}

CODES = {"field", "kind", "place", "subject"}  # what Python calls so is a code or an address, too


def parted(sentence: str, *, nameless: bool = False) -> list[str]:
    """The words filled into a sentence that a space parts from the Chinese beside them."""
    filled = r"(?:%\((\w+)\)s|\{(\w+)\}|%(s))"
    found = re.findall(rf"{filled} +(?={HAN})|(?<={HAN}) +{filled}", sentence)
    names = {next(filter(None, match)) for match in found}
    return sorted(names & (WORDS | ({"s"} if nameless else set())))


def filler(node: ast.AST) -> str:
    """What stands behind ``%``, by its last name: ``name`` of ``locked.name``."""
    if isinstance(node, ast.Call) and getattr(node.func, "id", "") in {"listed", "str"}:
        return filler(node.args[0])
    return str(getattr(node, "attr", getattr(node, "id", "")))


def literals(node: ast.AST, function: ast.AST) -> Iterator[str]:
    """What stands before ``%``: a marked sentence, or what its name was given."""
    given = (each for each in ast.walk(function) if isinstance(each, ast.Assign))
    name = getattr(node, "id", None)
    same = [each.value for each in given if getattr(each.targets[0], "id", "") == name]
    for each in (inner for place in (node, *same) for inner in ast.walk(place)):
        if isinstance(each, ast.Constant) and isinstance(each.value, str):
            yield each.value


def nameless() -> Iterator[tuple[str, list[str]]]:
    functions = (node for path in modules() for node in ast.walk(tree(path)))
    for function in (node for node in functions if isinstance(node, ast.FunctionDef)):
        for node in ast.walk(function):
            if isinstance(node, ast.BinOp) and filler(node.right) in WORDS - CODES:
                for text in literals(node.left, function):
                    yield text, parted(text, nameless=True)


def named() -> Iterator[tuple[str, list[str]]]:
    for entry in ENGLISH:
        for sentence in {entry.msgid, entry.msgid_plural}:
            yield sentence, parted(sentence)


@pytest.mark.parametrize("sentences", [named, nameless])
def test_no_word_is_parted_from_the_chinese_beside_it(sentences: object) -> None:
    assert not [found for found in sentences() if found[1]]  # type: ignore[operator]


@pytest.mark.parametrize(
    ("sentence", "found"),
    [
        ("%(unit)s 已撤并", ["unit"]),
        ("送审人 %(actor)s。", ["actor"]),
        ("{label} 应为整数", ["label"]),
        ("%s 已撤并", ["s"]),
        ("%(unit)s已撤并，共 %(count)s 所，账号 %(account)s 停用", []),
        ("%(unit)s %(year)s 年度", []),
    ],
)
def test_a_parted_word_is_seen(sentence: str, found: list[str]) -> None:
    assert parted(sentence, nameless=True) == found
