"""Keeps the tree readable: short files, safe templates, documented settings, nothing unfinished."""

import ast
import re
from pathlib import Path

import pytest
from django.test import RequestFactory

from chongqing_eval.views import portal
from districts.sessions import facts
from tests.house import LONGEST_FILE
from tests.source import ROOT, files, modules, tree

SHORT = [path for path in files(".py", ".html", ".css", ".js") if not path.name.endswith(".min.js")]
TEXTS = list(files(".py", ".html", ".css", ".md", ".toml", ".txt", ".csv", "Makefile"))
TEMPLATES = list(files(".html"))
# Written in pieces, so that this file does not find itself.
UNFINISHED = re.compile(
    r"\b(TO" + r"DO|FIX" + r"ME|XX" + r"X|raise NotImplemented" + r"Error|lo" + "rem)\\b"
)
OF_ONE_MACHINE = re.compile(r"(?<![\w.\]])/(work|root|home/\w+|Users/\w+)/")
UNSAFE = {
    "inline style": re.compile(r"<style|\sstyle\s*=", re.IGNORECASE),
    "inline script": re.compile(r"<script(?![^>]*(\bsrc=|application/(ld\+)?json))", re.IGNORECASE),
    "inline handler": re.compile(r"\son[a-z]+\s*=\s*[\"']|javascript:", re.IGNORECASE),
    "third-party host": re.compile(r"<(script|link|img|iframe)[^>]+(src|href)=[\"']https?://"),
}


def name(path: Path) -> str:
    return str(path.relative_to(ROOT))


def test_a_file_is_read_in_one_sitting() -> None:
    lengths = {name(path): len(lines_of(path)) for path in SHORT if "migrations" not in path.parts}
    assert not {path: lines for path, lines in lengths.items() if lines > most_of(path)}


def most_of(path: str) -> int:
    """Expectations stand written out one beside the other, and so do the styles of one face."""
    return 300 if path.startswith(("benchmarks/", "static/", "tests/")) else LONGEST_FILE


def lines_of(path: Path) -> list[str]:
    return path.read_text(encoding="utf-8").splitlines()


@pytest.mark.parametrize("pattern", [UNFINISHED, OF_ONE_MACHINE], ids=["unfinished", "machine"])
def test_nothing_is_unfinished_or_tied_to_one_machine(pattern: re.Pattern[str]) -> None:
    for path in TEXTS:
        for number, line in enumerate(lines_of(path), start=1):
            assert not pattern.search(line), f"{name(path)}:{number}: {line.strip()}"


@pytest.mark.parametrize("pattern", UNSAFE.values(), ids=list(UNSAFE))
def test_m47_templates_need_no_exception_from_the_content_security_policy(
    pattern: re.Pattern[str],
) -> None:
    for path in TEMPLATES:
        assert not pattern.search(path.read_text(encoding="utf-8")), name(path)


SETTINGS = ("environment.py", "identity.py", "places.py", "secrecy.py")


def settings_read() -> set[str]:
    """Names the settings ask the environment for; one of them is gone, and only asked for so that
    who still sets it is told where it went."""
    asked = r'(?:self|environment)\.(?:text|checked|_networks|env\.\w+)\(\s*"([A-Z0-9_]+)"'
    places = (ROOT / "chongqing_eval" / name for name in SETTINGS)
    texts = (place.read_text(encoding="utf-8") for place in places)
    return {name for text in texts for name in re.findall(asked, text)} - {"AUDIT_HASH"}


def test_every_setting_is_documented_and_nothing_else() -> None:
    example = (ROOT / ".env.example").read_text(encoding="utf-8")
    documented = set(re.findall(r"^([A-Z0-9_]+)=", example, re.MULTILINE))
    assert settings_read() == documented
    assert len(documented) > 8


def test_every_dependency_is_pinned_and_has_a_reason() -> None:
    for path in files("requirements.txt", "requirements-dev.txt"):
        for line in path.read_text(encoding="utf-8").splitlines():
            if line and not line.startswith(("#", "-r ")):
                assert re.fullmatch(r"[\w\[\]-]+==[\w.]+\s+# .{10,}", line), line


def test_no_page_takes_a_name_that_every_page_uses() -> None:
    """A context or a loop that calls something of its own so would take it from head and foot."""
    request = RequestFactory().get("/")
    names = {*portal(request), *facts(request)}
    assert {"session_end", "statements"} <= names
    loops = re.compile(r"{%-? *(?:for|with|blocktranslate)\b.*?%}|\bas (\w+) *%}")
    bound = re.compile(r"\bfor (\w+)(?:, *(\w+))*\b in\b|(\w+)=|\bas (\w+) *%}")
    for path in files(".html"):
        for tag in loops.finditer(path.read_text(encoding="utf-8")):
            taken = {word for found in bound.finditer(tag[0]) for word in found.groups() if word}
            assert not taken & names, f"{name(path)}: {tag[0]}"
    for path in modules():
        if path in (ROOT / "chongqing_eval/views.py", ROOT / "districts/sessions.py"):
            continue
        for node in ast.walk(tree(path)):
            keys = node.keys if isinstance(node, ast.Dict) else ()
            taken = {key.value for key in keys if isinstance(key, ast.Constant)}
            assert not taken & names, f"{name(path)}:{getattr(node, 'lineno', '')}"
