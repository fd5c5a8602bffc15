"""Keeps English complete: every sentence of the source has a translation that fits it."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import polib
import pytest
from django.utils.translation.template import templatize

from tests.english import DOCUMENT, KEPT, VALUES
from tests.source import ROOT, files, modules

CATALOGUES = sorted((ROOT / "locale").glob("*/LC_MESSAGES/django.po"))
ENGLISH = polib.pofile(str(ROOT / "locale" / "en" / "LC_MESSAGES" / "django.po"))
COMPANIONS = polib.pofile(str(ROOT / "locale" / "zh_Hans" / "LC_MESSAGES" / "django.po"))
PLACEHOLDER = re.compile(r"%\(\w+\)[a-z]|%[a-z]|\{\w*\}|</?\w+[^>]*>|!")
CHINESE = re.compile(r"[\u3400-\u9fff]+")
# Punctuation of Chinese type; the bars of ㎡ and Ⅲ stay.
WIDE = re.compile(r"[\u3001\u3002\u3008-\u3011\uff01-\uff5e]")

# Which arguments of a marking function are sentences; a context comes first.
SENTENCES = {
    "_": (0,),
    "N_": (0,),
    "gettext": (0,),
    "gettext_lazy": (0,),
    "gettext_noop": (0,),
    "ngettext": (0,),
    "ngettext_lazy": (0,),
    "pgettext": (1,),
    "pgettext_lazy": (1,),
    "npgettext": (1,),
}
SETTLING = (ast.BinOp, ast.JoinedStr)
LITERAL = r"""u?(?:'(?:\\.|[^'\\])*'|"(?:\\.|[^"\\])*")"""
MARKED = re.compile(rf"\b(_|n?p?gettext)\(\s*({LITERAL}(?:\s*,\s*{LITERAL})*)")
MEANINGS = (ROOT / "fixtures" / "api_members.csv").read_text(encoding="utf-8")
REFERENCE = "\n".join(path.read_text(encoding="utf-8") for path in files(".csv"))
HALF_WIDTH = re.compile("[\u4e00-\u9fff][）」]?[,:;?!](?! )|(?<!%)[,;](?=[\u4e00-\u9fff])|[()]")


def name(path: Path) -> str:
    return str(path.relative_to(ROOT))


def said(entry: polib.POEntry) -> list[str]:
    return [*entry.msgstr_plural.values()] if entry.msgid_plural else [entry.msgstr]


def marked_in_python(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if not isinstance(node, ast.Call):
            continue
        function = node.func.id if isinstance(node.func, ast.Name) else ""
        for place in SENTENCES.get(function, ()):
            argument = node.args[place] if len(node.args) > place else None
            if isinstance(argument, ast.Constant):
                yield argument.value


def marked_in_template(path: Path) -> Iterator[str]:
    """Django turns a template into calls, as it does for xgettext; no tool of the system needed."""
    for function, arguments in MARKED.findall(templatize(path.read_text(encoding="utf-8"))):
        texts = ast.literal_eval(f"({arguments},)")
        yield texts[SENTENCES[function][0]]


@pytest.mark.parametrize("path", CATALOGUES, ids=name)
def test_every_sentence_is_translated(path: Path) -> None:
    entries = [entry for entry in polib.pofile(str(path)) if not entry.obsolete]
    assert entries
    assert not [entry.msgid for entry in entries if entry.fuzzy or not all(said(entry))]


@pytest.mark.parametrize("path", CATALOGUES, ids=name)
def test_a_translation_keeps_every_placeholder(path: Path) -> None:
    for entry in polib.pofile(str(path)):
        expected = sorted(PLACEHOLDER.findall(entry.msgid))
        for text in said(entry):
            found = sorted(PLACEHOLDER.findall(text))
            # "one" may be said without its number, and a name may be said twice.
            assert set(found) == set(expected), entry.msgid
            assert len(PLACEHOLDER.findall(text)) >= len(set(expected)), entry.msgid


@pytest.mark.parametrize("path", CATALOGUES, ids=name)
def test_spaces_and_line_ends_around_a_sentence_are_deliberate(path: Path) -> None:
    """Chinese needs no space after a colon; English does, and nothing else may hang over."""
    for entry in polib.pofile(str(path)):
        for text in said(entry):
            assert text.count("\n") == entry.msgid.count("\n"), entry.msgid
            if text != text.strip() and entry.msgid == entry.msgid.strip():
                assert entry.msgid[-1] in "：，、。" or entry.msgid[0] in "，；（", entry.msgid


def test_chinese_is_set_with_marks_of_its_own_width() -> None:
    """A comma or bracket of half width between Han characters is what a typewriter leaves."""
    sentences = {entry.msgid for entry in ENGLISH if entry.msgid not in REFERENCE}
    sentences |= {text for entry in COMPANIONS for text in said(entry)}
    sentences |= set(re.findall(r"^[^,]+,(\"[^\"]+\"|[^,]+)", MEANINGS, re.MULTILINE))
    for text in sentences:
        written = re.sub(r"%\(\w+\)", "%", text)
        is_chinese = CHINESE.search(text) or WIDE.search(text)
        assert not (is_chinese and HALF_WIDTH.search(written)), text


def test_chinese_quotes_in_one_way() -> None:
    """On pages; papers and workbooks keep the quotation marks of official documents."""
    sentences = {entry.msgid for entry in ENGLISH if entry.msgid not in REFERENCE}
    sentences |= {text for entry in COMPANIONS for text in said(entry)}
    assert not [text for text in sentences if CHINESE.search(text) and re.search("[“”]", text)]


def test_english_quotes_in_one_way() -> None:
    """Straight quotation marks belong to tags and to JSON."""
    texts = {re.sub(r"<[^>]*>|{[^}]*}", "", text) for entry in ENGLISH for text in said(entry)}
    assert not [text for text in texts if '"' in text]


@pytest.mark.parametrize("path", CATALOGUES, ids=name)
def test_the_compiled_catalogue_is_current(path: Path) -> None:
    compiled = {
        (entry.msgctxt, entry.msgid): said(entry)
        for entry in polib.mofile(str(path.with_suffix(".mo")))
    }
    written = {
        (entry.msgctxt, entry.msgid): said(entry)
        for entry in polib.pofile(str(path)).translated_entries()
    }
    assert compiled == written, "run make messages"


def test_every_marked_sentence_is_in_the_catalogue() -> None:
    known = {entry.msgid for entry in ENGLISH if not entry.obsolete}
    marked = {(text, name(path)) for path in modules() for text in marked_in_python(path)}
    marked |= {(text, name(path)) for path in files(".html") for text in marked_in_template(path)}
    assert len(marked) > 1000
    assert not sorted(pair for pair in marked if pair[0] not in known), "run make messages"


def test_no_sentence_is_left_from_earlier_source() -> None:
    marked = {text for path in modules() for text in marked_in_python(path)}
    marked |= {text for path in files(".html") for text in marked_in_template(path)}
    assert not sorted({entry.msgid for entry in ENGLISH} - marked), "run make messages"


@pytest.mark.parametrize("path", list(modules()), ids=name)
def test_no_sentence_is_settled_at_import(path: Path) -> None:
    """``%`` and f-strings ask a lazy sentence for its words at once, in the language of the start:
    outside functions ``format_lazy`` leaves it open."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    settling = (node for node in outside_functions(tree) if isinstance(node, SETTLING))
    assert not [node.lineno for node in settling if any(map(is_sentence, ast.walk(node)))]


def outside_functions(node: ast.AST) -> Iterator[ast.AST]:
    """What runs when the module is imported, defaults and decorators of its functions too."""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.FunctionDef):
            first = [*child.decorator_list, *child.args.defaults, *child.args.kw_defaults]
            yield from (each for part in first if part for each in ast.walk(part))
        elif not isinstance(child, ast.Lambda):
            yield child
            yield from outside_functions(child)


def is_sentence(node: ast.AST) -> bool:
    is_call = isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
    return is_call and node.func.id in SENTENCES and node.func.id != "N_"  # type: ignore[attr-defined]


def test_english_is_written_in_english() -> None:
    for entry in ENGLISH:
        for text in said(entry):
            assert not set(CHINESE.findall(DOCUMENT.sub("", text))) - KEPT - VALUES, text
            assert not WIDE.search(text), text
