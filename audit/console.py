"""Which command of the machine is at work, and whose: what no person of the portal does, and what
a person lets a command do, names the account of the operating system in the record."""

import os
import pwd
from collections.abc import Sequence

LONGEST = 40
_command = ""


def enter(arguments: Sequence[str]) -> None:
    """From now on this process works for the command; called by ``manage.py`` alone."""
    global _command
    _command = arguments[1][:LONGEST] if len(arguments) > 1 else ""


def signed(name: str) -> str:
    """The name as an entry keeps it, in the source language; empty when nobody acts."""
    if not _command:
        return name
    return f"{name or '系统'}（命令 {_command}，系统用户 {system_user()}）"


def system_user() -> str:
    """Whose rights the process has; what the environment says of it is not asked."""
    try:
        return pwd.getpwuid(os.getuid()).pw_name
    except KeyError:
        return str(os.getuid())
