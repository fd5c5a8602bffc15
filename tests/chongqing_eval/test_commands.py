"""Every command of the house says whether it only reads, and one that writes leaves an entry with
the account of the system that ran it."""

import os
import pwd
from collections.abc import Iterator
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command, get_commands

from audit import console
from audit.models import Entry
from audit.words import ACTIONS
from districts.models import User
from tests.source import APPS

READING = {
    *("audit_verify", "doctor", "evaluate", "makemessages", "plan", "replay_evaluations"),
    *("template", "workflow_diagram"),
}
# What the entry of each says was done; `serve` loads what `make run` shows and starts the rest,
# `periodic` and `work` do what rooms register, each with entries of its own.
WRITING = {
    "backup": "backup.write",
    "changepassword": "user.reset",
    "clean_pictures": "picture.clean",
    "create_token": "token.create",
    "createsuperuser": "user.create",
    "import_selfcheck": "upload.keep",
    "load_demo": "demo.accounts",
    "load_reference": "reference.load",
    "periodic": "notice.due",
    "plan_city": "plan.make",
    "remove_demo": "demo.remove",
    "reset_demo_passwords": "demo.passwords",
    "restore": "backup.restore",
    "rotate_keys": "keys.make",
    "send_notices": "notice.due",
    "serve": "reference.load",
    "statements": "statement.say",
    "work": "plan.make",
}
ME = pwd.getpwuid(os.getuid()).pw_name


def test_every_command_says_whether_it_writes() -> None:
    ours = {name for name, app in get_commands().items() if str(app).split(".")[0] in APPS}
    assert READING | WRITING.keys() == ours
    assert not READING & WRITING.keys()
    assert set(WRITING.values()) <= ACTIONS.keys()


@pytest.fixture
def at_the_console() -> Iterator[Any]:
    """Runs a command as ``manage.py`` does."""

    def run(name: str, *words: str, **options: Any) -> str:
        console.enter(["manage.py", name, *words])
        out = StringIO()
        call_command(name, *words, stdout=out, stderr=StringIO(), **options)
        return out.getvalue()

    yield run
    console.enter([])


def test_what_nobody_of_the_portal_does_names_the_system_user(
    reference: None, at_the_console: Any
) -> None:
    at_the_console("createsuperuser", "--username", "qin", "--display-name", "秦月")
    entry = Entry.objects.first()
    assert (entry.action, entry.actor) == ("user.create", "")
    assert entry.actor_name == f"系统（命令 createsuperuser，系统用户 {ME}）"


def test_who_lends_a_command_her_name_stands_beside_the_system_user(
    at_the_console: Any, wu_manager: User, settings: Any
) -> None:
    settings.DEBUG = True
    User.objects.filter(pk=wu_manager.pk).update(is_demo=True)
    at_the_console("create_token", "manager")
    entry = Entry.objects.filter(action="token.create").get()
    assert entry.actor == "manager"
    assert entry.actor_name == f"{wu_manager}（命令 create_token，系统用户 {ME}）"


def test_a_person_on_a_page_is_not_mixed_with_it(chen_officer: User) -> None:
    assert console.signed(chen_officer.acting_name()) == "陈静"
    assert console.signed("") == ""
