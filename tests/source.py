"""Reads the project's own files for the tests that keep its order."""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
FLOORS = (
    {"charts", "crypto", "figures"},
    {"workbooks"},
    {"documents"},
    {"rest"},
    {"audit"},
    {"districts"},
    {"indicators"},
    {"selfchecks"},
    {"improvement"},
    {"schedule"},
    {"papers"},
    {"chongqing_eval"},
)
APPS = {app: floor for floor, apps in enumerate(FLOORS) for app in apps}
NOT_OURS = {"var", "node_modules", "htmlcov"}


def files(*endings: str) -> Iterator[Path]:
    """The project's files with one of the endings, hidden and generated folders left out."""
    for top in sorted(ROOT.iterdir()):
        if top.name.startswith(".") or top.name in NOT_OURS:
            continue
        inside = sorted(top.rglob("*")) if top.is_dir() else [top]
        yield from (path for path in inside if path.is_file() and path.name.endswith(endings))


def modules() -> Iterator[Path]:
    """Python files of the apps, migrations left out."""
    for path in files(".py"):
        parts = path.relative_to(ROOT).parts
        if parts[0] in APPS and "migrations" not in parts:
            yield path


def dotted(path: Path) -> str:
    """``districts/models/__init__.py`` → ``districts.models``."""
    return ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


@cache
def imports(path: Path) -> frozenset[str]:
    """Dotted names of what a module imports; what only type checkers read does not count."""
    package = dotted(path) if path.name == "__init__.py" else dotted(path).rpartition(".")[0]
    return frozenset(name for node in _running(tree(path)) for name in _imported(node, package))


def _running(node: ast.AST) -> Iterator[ast.AST]:
    """Import statements, which may stand wherever statements stand."""
    if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.dump(node.test):
        return
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.Import | ast.ImportFrom):
            yield child
        elif not isinstance(child, ast.expr):
            yield from _running(child)


def _imported(node: ast.AST, package: str) -> Iterator[str]:
    if isinstance(node, ast.Import):
        yield from (alias.name for alias in node.names)
    elif isinstance(node, ast.ImportFrom):
        base = package.split(".")
        base = base[: len(base) - node.level + 1] if node.level else []
        start = ".".join([*base, *([node.module] if node.module else [])])
        yield from (f"{start}.{alias.name}" for alias in node.names)


def functions(path: Path) -> Iterator[ast.FunctionDef]:
    return (node for node in ast.walk(tree(path)) if isinstance(node, ast.FunctionDef))
