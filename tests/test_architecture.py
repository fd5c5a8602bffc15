"""Keeps the house in order: floors, layers, pure code, services, scopes, migrations, deployment."""

import ast
import os
import subprocess
import sys
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.db.models import Model

from districts.models import District
from districts.scope import PUBLIC, ScopedQuerySet
from tests.source import APPS, FLOORS, ROOT, dotted, functions, imports, modules, tree

MODULES = list(modules())
ANY = "any"  # what every face may use, or what joins them all
# The second part of a module's name → the audience it speaks to.
FACES = {
    **dict.fromkeys(("admin", "desk"), "admin"),
    **dict.fromkeys(("api", "authentication", "serializers"), "api"),
    **dict.fromkeys(("bureau", "pages", "public", "views"), "pages"),
    "management": "commands",
    **dict.fromkeys(
        ("books", "forms", "middleware", "remarks", "resources", "results", "urls"), ANY
    ),
}
# Material for faces: their modules are nobody's face.
HOUSE = APPS.keys() - {"charts", "crypto", "documents", "figures", "rest"}
PURE = (
    "audit/chain.py",
    "charts",
    *(f"crypto/{name}.py" for name in ("hashing", "keys", "profiles", "sealed", "signers")),
    "districts/demo.py",
    "documents",
    "figures",
    "improvement/planner",
    "improvement/scenario",
    "improvement/shortfall",
    "improvement/shortfall.py",
    "indicators/calculation",
    "indicators/demo",
    "indicators/examples.py",
    "schedule/progress.py",
    "schedule/regression.py",
    "schedule/standing.py",
    "selfchecks/demo.py",
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


def test_floors_are_entered_from_above_only() -> None:
    found = {name(path): wrong for path in MODULES if (wrong := above_or_beside(path))}
    assert not found, f"only floors below may be imported: {FLOORS}"


def above_or_beside(path: Path) -> set[str]:
    app = dotted(path).split(".")[0]
    return {
        imported
        for imported in imports(path)
        if (other := imported.split(".")[0]) in APPS and other != app and APPS[other] >= APPS[app]
    }


def reached(start: str) -> set[str]:
    """Modules of the same app that a module imports, directly or through others."""
    seen: set[str] = set()
    to_do = {start}
    while to_do:
        seen |= to_do
        to_do = {other for current in to_do for other in beside(current)} - seen
    return seen


@cache
def beside(module: str) -> frozenset[str]:
    """Modules of the same app that a module imports."""
    names = {name for name in imports(CODE[module]) if name.split(".")[0] == module.split(".")[0]}
    return frozenset((names | {name.rpartition(".")[0] for name in names}) & CODE.keys())


def test_layers_inside_an_app_go_down_only() -> None:
    """Faces → services → models: nothing reaches back up, not even through a third module."""
    layer = {"services": FACES.keys(), "models": FACES.keys() | {"services"}}
    for module in CODE:
        forbidden = layer.get(place(module), set())
        wrong = {other for other in reached(module) if place(other) in forbidden}
        assert not wrong, module


def test_faces_do_not_borrow_from_each_other() -> None:
    """What two audiences need stands below both; addresses alone know them all."""
    found = {
        f"{module} → {imported}"
        for module, path in CODE.items()
        if (face := FACES.get(place(module))) and place(module) != "urls"
        for imported in imports(path)
        if imported.split(".")[0] in HOUSE and FACES.get(place(imported), face) not in {face, ANY}
    }
    assert not found


def place(module: str) -> str:
    """Where in its room a module stands: ``districts.admin.units`` → ``admin``."""
    return [*module.split("."), ""][1]


def test_pure_code_knows_neither_django_nor_the_rest_of_the_house() -> None:
    pure = {dotted(other) for other in PURE_MODULES}
    for path in PURE_MODULES:
        for imported in imports(path):
            top = imported.split(".")[0]
            assert top not in {"django", "rest_framework", "import_export", "environ"}, name(path)
            known = imported in pure or imported.rpartition(".")[0] in pure
            assert top not in APPS or known, f"{name(path)}: {imported} is not pure"


def test_services_that_change_data_say_by_whom() -> None:
    for path in SERVICES:
        for function in filter(changes_data, functions(path)):
            where, arguments = f"{name(path)}: {function.name}", function.args
            if function.name.startswith("_"):
                continue
            positional = [argument.arg for argument in arguments.args if argument.arg != "self"]
            assert not positional, f"{where} takes positional arguments"
            names = {argument.arg for argument in arguments.kwonlyargs}
            # Without any argument it is the installation itself that loads its reference data.
            assert "by" in names or not names, f"{where} does not say by whom"


def changes_data(function: ast.FunctionDef) -> bool:
    calls = [node.func for node in ast.walk(function) if isinstance(node, ast.Call)]
    return any(
        (isinstance(call, ast.Attribute) and call.attr in WRITES)
        or (isinstance(call, ast.Name) and call.id in {"note", "record", "upsert"})
        for call in calls
    )


def test_modules_say_what_they_are_for_and_functions_are_short() -> None:
    for path in MODULES:
        is_empty = not tree(path).body
        assert is_empty or ast.get_docstring(tree(path)), f"{name(path)}: one sentence at its head"
        for function in functions(path):
            length = (function.end_lineno or 0) - function.lineno + 1
            assert length <= 45, f"{name(path)}: {function.name}: {length} lines"


def test_no_module_is_a_drawer_for_everything() -> None:
    drawers = {"common", "core", "helpers", "misc", "util", "utils"}
    assert not [module for module in CODE if drawers & set(module.split("."))]


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


@pytest.mark.parametrize(
    "command",
    [
        pytest.param("check --deploy --fail-level WARNING", id="m88 deployment"),
        pytest.param("makemigrations --check --dry-run", id="no migration is missing"),
    ],
)
def test_an_installation_in_production_has_nothing_to_mend(command: str) -> None:
    done = manage(
        *command.split(),
        SECRET_KEY=os.urandom(40).hex(),
        AUDIT_KEYS=os.urandom(40).hex(),
        ALLOWED_HOSTS="portal.example.cn",
        DEBUG="0",
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_m35_in_production_cookies_bear_names_that_browsers_guard() -> None:
    told = manage(
        "shell",
        "-c",
        "from django.conf import settings as s; print(s.SESSION_COOKIE_NAME, s.CSRF_COOKIE_NAME,"
        " s.SESSION_COOKIE_SECURE, s.CSRF_COOKIE_SECURE, s.SESSION_COOKIE_DOMAIN)",
        SECRET_KEY=os.urandom(40).hex(),
        AUDIT_KEYS=os.urandom(40).hex(),
        ALLOWED_HOSTS="portal.example.cn",
        DEBUG="0",
    )
    expected = "__Host-sessionid __Host-csrftoken True True None"
    assert told.stdout.splitlines()[-1] == expected, told.stderr


def test_what_systemd_decrypted_is_a_setting_and_what_is_said_outside_comes_first(
    tmp_path: Path,
) -> None:
    credentials = {"SECRET_KEY": "s" * 60, "AUDIT_KEYS": "a" * 60, "ALLOWED_HOSTS": "in.cn"}
    for name, value in {**credentials, "tls.key": "not a setting"}.items():
        (tmp_path / name).write_text(f"{value}\n")
    told = manage(
        "shell",
        "-c",
        "from django.conf import settings as s; print(s.SECRET_KEY[:2], s.ALLOWED_HOSTS)",
        CREDENTIALS_DIRECTORY=str(tmp_path),
        ALLOWED_HOSTS="out.cn",
        DEBUG="0",
    )
    assert told.stdout.splitlines()[-1] == "ss ['out.cn']", told.stderr


@pytest.mark.parametrize(
    ("environment", "word"),
    [
        ({"DEBUG": "0"}, "SECRET_KEY"),
        ({"DEBUG": "0", "SECRET_KEY": "short"}, "50"),
        ({"DEBUG": "0", "SECRET_KEY": "x" * 60}, "ALLOWED_HOSTS"),
        ({"DEBUG": "0", "SECRET_KEY": "x" * 60, "ALLOWED_HOSTS": "a.cn"}, "AUDIT_KEYS"),
        ({"DEBUG": "1", "AUDIT_KEYS": "short"}, "50"),
        ({"DEBUG": "1", "AUDIT_HASH": "sm3"}, "CRYPTO_PROFILE=guomi"),
        ({"DEBUG": "1", "CRYPTO_PROFILE": "rot13"}, "CRYPTO_PROFILE"),
        (
            {"SECRET_KEY": "x" * 60, "AUDIT_KEYS": "x" * 60, "ALLOWED_HOSTS": "a.cn"}
            | {"DEBUG": "0", "CRYPTO_PROFILE": "guomi"},
            "KEY_FOLDER",
        ),
        ({"DEBUG": "1", "KEY_FOLDER": "keys"}, "KEY_FOLDER"),
        ({"DEBUG": "1", "SIGNER": "sign.exe"}, "SIGNER"),
        ({"DEBUG": "1", "SIGNER": "https://sign.example.cn/"}, "KEY_FOLDER"),
        ({"DEBUG": "maybe"}, "DEBUG"),
        ({"DEBUG": "1", "DATABASE_URL": "oracle://x"}, "DATABASE_URL"),
        ({"DEBUG": "1", "PASSWORD_PROFILE": "none"}, "PASSWORD_PROFILE"),
        ({"DEBUG": "1", "SECOND_FACTOR": "all"}, "everybody"),
        ({"DEBUG": "1", "BREACHED_PASSWORDS": "manage.py"}, "SHA-1"),
        ({"DEBUG": "1", "BREACHED_PASSWORDS": "no-such-file"}, "SHA-1"),
        ({"DEBUG": "1", "TIME_ZONE": "Mars/Base"}, "TIME_ZONE"),
        ({"DEBUG": "1", "REDIS_URL": "http://x"}, "REDIS_URL"),
        ({"DEBUG": "1", "BIND": "everywhere"}, "BIND"),
        ({"DEBUG": "1", "HSTS_SECONDS": "1y"}, "HSTS_SECONDS"),
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
