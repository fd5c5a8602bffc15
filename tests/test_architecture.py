"""Keeps the house in order: floors, layers, pure code, services, scopes, migrations, deployment."""

import ast
import os
import subprocess
import sys
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db.models import Model

from districts.models import District
from districts.scope import PUBLIC, ScopedQuerySet
from tests.source import APPS, FLOORS, ROOT, dotted, functions, imports, modules, tree

MODULES = list(modules())
FACES = {"admin", "api", "forms", "management", "middleware", "serializers", "urls", "views"}
PURE = (
    "audit/chain.py",
    "charts",
    "districts/demo",
    "figures",
    "indicators/calculation",
    "indicators/demo",
    "indicators/examples.py",
    "schedule/progress.py",
    "selfchecks/demo",
    "selfchecks/workbook",
    "workbooks",
)
PURE_MODULES = [
    path for path in MODULES if any((ROOT / place) in (path, *path.parents) for place in PURE)
]
SERVICES = [path for path in MODULES if "services" in dotted(path).split(".")]
WRITES = {"bulk_create", "bulk_update", "create", "delete", "get_or_create", "save"}
CODE = {dotted(path): path for path in MODULES}
PROJECT_MODELS = [model for model in apps.get_models() if model.__module__.split(".")[0] in APPS]


def name(path: Path) -> str:
    return str(path.relative_to(ROOT))


@pytest.mark.parametrize("path", MODULES, ids=name)
def test_floors_are_entered_from_above_only(path: Path) -> None:
    app = dotted(path).split(".")[0]
    above_or_beside = {
        imported
        for imported in imports(path)
        if (other := imported.split(".")[0]) in APPS and other != app and APPS[other] >= APPS[app]
    }
    assert not above_or_beside, f"only floors below {app} may be imported: {FLOORS}"


def reached(start: str) -> set[str]:
    """Modules of the same app that a module imports, directly or through others."""
    seen: set[str] = set()
    to_do = [start]
    while to_do:
        current = to_do.pop()
        if current in seen or current not in CODE:
            continue
        seen.add(current)
        for imported in imports(CODE[current]):
            if imported.split(".")[0] == start.split(".")[0]:
                to_do += [imported, imported.rpartition(".")[0]]
    return seen


@pytest.mark.parametrize("path", MODULES, ids=name)
def test_layers_inside_an_app_go_down_only(path: Path) -> None:
    """Faces → services → models: nothing reaches back up, not even through a third module."""
    layer = {"services": FACES, "models": FACES | {"services"}}
    parts = dotted(path).split(".")
    forbidden = layer.get(parts[1] if len(parts) > 1 else "", set())
    wrong = {other for other in reached(dotted(path)) if set(other.split(".")[1:2]) & forbidden}
    assert not wrong


@pytest.mark.parametrize("path", PURE_MODULES, ids=name)
def test_pure_code_knows_neither_django_nor_the_rest_of_the_house(path: Path) -> None:
    pure = {dotted(other) for other in PURE_MODULES}
    for imported in imports(path):
        top = imported.split(".")[0]
        assert top not in {"django", "rest_framework", "import_export", "environ"}, imported
        known = imported in pure or imported.rpartition(".")[0] in pure
        assert top not in APPS or known, f"{imported} is not pure"


@pytest.mark.parametrize("path", SERVICES, ids=name)
def test_services_that_change_data_say_by_whom(path: Path) -> None:
    for function in functions(path):
        if function.name.startswith("_") or not changes_data(function):
            continue
        arguments = function.args
        assert not arguments.args, f"{function.name} takes positional arguments"
        names = {argument.arg for argument in arguments.kwonlyargs}
        # Without any argument it is the installation itself that loads its reference data.
        assert "by" in names or not names, f"{function.name} does not say by whom"


def changes_data(function: ast.FunctionDef) -> bool:
    calls = [node.func for node in ast.walk(function) if isinstance(node, ast.Call)]
    return any(
        (isinstance(call, ast.Attribute) and call.attr in WRITES)
        or (isinstance(call, ast.Name) and call.id in {"record", "upsert"})
        for call in calls
    )


@pytest.mark.parametrize("path", MODULES, ids=name)
def test_modules_say_what_they_are_for_and_functions_are_short(path: Path) -> None:
    is_empty = not tree(path).body
    assert is_empty or ast.get_docstring(tree(path)), "one sentence at the head of the module"
    for function in functions(path):
        length = (function.end_lineno or 0) - function.lineno + 1
        assert length <= 45, f"{function.name}: {length} lines"


@pytest.mark.parametrize("path", MODULES, ids=name)
def test_no_module_is_a_drawer_for_everything(path: Path) -> None:
    drawers = {"common", "core", "helpers", "misc", "util", "utils"}
    assert not drawers & set(dotted(path).split("."))


def leads_to_a_district(model: type[Model], seen: frozenset[Any] = frozenset()) -> bool:
    targets = {
        field.related_model
        for field in model._meta.get_fields()
        if field.concrete and field.is_relation
    }
    return District in targets or any(
        leads_to_a_district(target, seen | {model})
        for target in targets - seen - {model}
        if isinstance(target, type)
    )


SCOPED = [model for model in PROJECT_MODELS if leads_to_a_district(model)] + [District]


@pytest.mark.parametrize("model", SCOPED, ids=lambda model: model._meta.label)
def test_every_model_with_a_district_is_scoped(model: Any) -> None:
    assert hasattr(model, "scope"), "declare scope: the path to its district, or PUBLIC"
    assert isinstance(model._default_manager.all(), ScopedQuerySet)
    if model.scope != PUBLIC:
        field = model._meta.get_field(model.scope.split("__")[0])
        for step in model.scope.split("__")[1:]:
            field = field.related_model._meta.get_field(step)
        assert field.related_model is District


@pytest.mark.django_db
def test_no_migration_is_missing() -> None:
    call_command("makemigrations", check_changes=True, dry_run=True, stdout=StringIO())


def manage(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """A command in a process of its own, with this environment and nothing of ours."""
    kept = {key: os.environ[key] for key in ("PATH", "HOME") if key in os.environ}
    return subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=ROOT,
        env={**kept, "DATABASE_URL": "sqlite://:memory:", **environment},
        capture_output=True,
        text=True,
        check=False,
    )


def test_m88_the_deployment_check_finds_nothing() -> None:
    done = manage(
        *("check", "--deploy", "--fail-level", "WARNING"),
        SECRET_KEY=os.urandom(40).hex(),
        ALLOWED_HOSTS="portal.example.cn",
        DEBUG="0",
    )
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize(
    ("environment", "word"),
    [
        ({"DEBUG": "0"}, "SECRET_KEY"),
        ({"DEBUG": "0", "SECRET_KEY": "short"}, "50"),
        ({"DEBUG": "0", "SECRET_KEY": "x" * 60}, "ALLOWED_HOSTS"),
        ({"DEBUG": "maybe"}, "DEBUG"),
        ({"DEBUG": "1", "DATABASE_URL": "oracle://x"}, "DATABASE_URL"),
        ({"DEBUG": "1", "PASSWORD_PROFILE": "none"}, "PASSWORD_PROFILE"),
        ({"DEBUG": "1", "TIME_ZONE": "Mars/Base"}, "TIME_ZONE"),
        ({"DEBUG": "1", "REDIS_URL": "http://x"}, "REDIS_URL"),
        ({"DEBUG": "1", "CSRF_TRUSTED_ORIGINS": "x.cn"}, "CSRF_TRUSTED_ORIGINS"),
    ],
)
def test_m88_bad_settings_stop_the_start_with_a_sentence(
    environment: dict[str, str], word: str
) -> None:
    done = manage("check", **environment)
    assert done.returncode != 0
    assert word in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1
