"""The settings of who somebody is: passwords, second factor, and how long a session lasts."""

import re
from datetime import timedelta
from pathlib import Path
from typing import NamedTuple

from django.core.exceptions import ImproperlyConfigured

from .environment import Environment

PROFILES = ("dengbao", "asvs")
FACTORS = ("offered", "required", "everybody")


class Identity(NamedTuple):
    """``breached`` is a file of passwords that are known elsewhere, ``factor`` says who must have
    a second one."""

    profile: str
    breached: Path | None
    factor: str
    idle: timedelta


def identity(environment: Environment) -> Identity:
    sentence = "PASSWORD_PROFILE 应为 dengbao 或 asvs,现在是「{}」。"
    profile = environment.checked("PASSWORD_PROFILE", PROFILES.__contains__, sentence, "dengbao")
    sentence = "SECOND_FACTOR 应为 offered、required 或 everybody,现在是「{}」。"
    factor = environment.checked("SECOND_FACTOR", FACTORS.__contains__, sentence, "offered")
    return Identity(profile, _breached(environment), factor, _idle(environment))


def _breached(environment: Environment) -> Path | None:
    text = environment.text("BREACHED_PASSWORDS")
    if text and not _is_list(Path(text)):
        raise ImproperlyConfigured(
            "BREACHED_PASSWORDS 应是一个读得到的文件:每行一个密码的 SHA-1(40 个十六进制字符,"
            f"后面可以有冒号和次数),从小到大排好,现在是「{text}」。"
        )
    return Path(text) if text else None


def _is_list(path: Path) -> bool:
    try:
        with path.open("rb") as file:
            return bool(re.match(rb"[0-9A-Fa-f]{40}\b", file.read(41)))
    except OSError:
        return False


def _idle(environment: Environment) -> timedelta:
    sentence = "SESSION_IDLE_MINUTES 应为 1 到 720 的整数(分钟),现在是「{}」。"

    def is_minutes(text: str) -> bool:
        return text.isdecimal() and len(text) < 4 and 1 <= int(text) <= 720

    return timedelta(
        minutes=int(environment.checked("SESSION_IDLE_MINUTES", is_minutes, sentence, "20"))
    )
