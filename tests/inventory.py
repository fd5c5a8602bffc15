"""What people use, one line a thing: compare two states of the portal with ``diff``.

    python -m tests.inventory > after.txt
    python -m tests.inventory FOLDER > before.txt     another tree of the portal

Addresses, the API's operations with their words, commands with their options, codes of findings
and refusals, tables that leave the portal, admin pages, and every sentence of the catalogue.
"""

import argparse
import ast
import gc
import os
import sys
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent.parent
NOT_ASKED = {"benchmarks", "management", "migrations", "tests"}
METHODS = ("get", "post", "put", "patch", "delete")


def addresses() -> Iterator[str]:
    from tests.routes import routes

    yield from (f"{route.namespace or 'page'} {route.path} {route.name}" for route in routes())


def operations() -> Iterator[str]:
    """Operations of the API's own document, parameters, answers, and the names in bodies."""
    from django.test import Client

    document = Client(SERVER_NAME="localhost").get("/api/v1/schema/").json()
    for path, item in document["paths"].items():
        for method in (method for method in METHODS if method in item):
            names = [given.get("name", "") for given in item[method].get("parameters", ())]
            yield f"{method.upper()} {path} ?{','.join(sorted(names))}"
            yield from (f"{method.upper()} {path} → {code}" for code in item[method]["responses"])
    for name, component in document["components"]["schemas"].items():
        for word, about in component.get("properties", {}).items():
            yield f"{name}.{word} {sorted(about)}"
        yield from (f"{name} = {value}" for value in component.get("enum", ()))


def commands() -> Iterator[str]:
    from django.core.management import get_commands, load_command_class

    for name, app in get_commands().items():
        if not _is_ours(str(app)):
            continue
        command = load_command_class(str(app), name)
        yield f"{name}: {command.help}"
        parser = argparse.ArgumentParser()
        command.add_arguments(parser)  # type: ignore[arg-type]
        for action in parser._actions:
            yield f"{name} {'|'.join(action.option_strings) or action.dest} {action.help or ''}"


def _is_ours(name: str) -> bool:
    return (Path.cwd() / name.split(".")[0]).is_dir()


def findings() -> Iterator[str]:
    """Codes of everything that was made once to be said about a workbook or a request."""
    for path in _modules():
        import_module(".".join(path.with_suffix("").parts).removesuffix(".__init__"))
    gc.unfreeze()  # wsgi.py has put everything out of sight
    for thing in gc.get_objects():
        kind = type(thing)
        if hasattr(kind, "code") and hasattr(kind, "severity") and _is_ours(kind.__module__):
            yield f"finding {thing.code} {thing.severity}"
    for path in _modules():
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            yield from (f"refusal {code}" for code in _codes(node))


def _modules() -> Iterator[Path]:
    for path in sorted(Path().glob("*/**/*.py")):
        room = Path(path.parts[0])
        if (room / "__init__.py").exists() and not NOT_ASKED & set(path.parts):
            yield path


def _codes(node: ast.AST) -> Iterator[str]:
    """``code="held"`` in a call, ``code = "stale"`` in a class."""
    if isinstance(node, ast.keyword) and node.arg == "code":
        named, value = True, node.value
    elif isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
        named, value = node.targets[0].id == "code", node.value
    else:
        return
    if named and isinstance(value, ast.Constant) and isinstance(value.value, str):
        yield value.value


def tables() -> Iterator[str]:
    """Columns of what the admin hands out as a file, and takes back."""
    from django.contrib import admin

    for model, page in admin.site._registry.items():
        for way in ("export", "import"):
            classes: Any = getattr(page, f"get_{way}_resource_classes", lambda request: ())
            for resource in classes(None):
                fields = resource().get_import_fields() if way == "import" else ()
                names = [field.column_name for field in fields] or resource().get_export_headers()
                yield f"{way} {model._meta.label}: {', '.join(names)}"


def admin_pages() -> Iterator[str]:
    from django.contrib import admin

    words = ("list_display", "list_filter", "search_fields", "actions", "readonly_fields")
    for model, page in admin.site._registry.items():
        for word in words:
            for value in getattr(page, word) or ():
                named = getattr(value, "__name__", value)
                yield f"admin {model._meta.label} {word} {named}"


def messages() -> Iterator[str]:
    import polib

    for entry in polib.pofile("locale/en/LC_MESSAGES/django.po"):
        if not entry.obsolete:
            yield f"{entry.msgctxt or ''}|{entry.msgid}|{entry.msgid_plural or ''}"


PARTS = (addresses, operations, commands, findings, tables, admin_pages, messages)


def main(arguments: list[str]) -> None:
    folder = Path(arguments[0] if arguments else HERE).resolve()
    os.chdir(folder)
    sys.path[:0] = [str(folder)]
    os.environ.update(DEBUG="1", DATABASE_URL="sqlite://:memory:", DEMO_PASSWORD="")
    os.environ["DJANGO_SETTINGS_MODULE"] = "chongqing_eval.settings"
    import django

    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    for part in PARTS:
        lines = sorted({" ".join(line.split()) for line in part()})
        print(f"== {part.__name__}: {len(lines)}")
        print(*lines, sep="\n")


if __name__ == "__main__":
    main(sys.argv[1:])
