"""Reads the settings that come from outside and refuses bad ones with one sentence each."""

import hashlib
import os
import secrets
from collections.abc import Callable
from ipaddress import IPv4Address
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import available_timezones

import environ
from django.core.exceptions import ImproperlyConfigured

from crypto.hashing import hexdigest
from crypto.profiles import STANDARD
from rest.addresses import networks_of

SWITCHES = {
    **dict.fromkeys(("1", "true", "yes", "on"), True),
    **dict.fromkeys(("0", "false", "no", "off"), False),
}
SHORTEST_KEY = 50
SQLITE_OPTIONS = {
    # Measured: writers never meet "database is locked" with these; most do with the defaults.
    "transaction_mode": "IMMEDIATE",
    "timeout": 20,
    "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
}

# Entries of a process at most. Fragments are parts of pages that say the same to a whole role, or
# on a result that never changes; what was read for everybody: ``audit.shown.until_changed``.
OWN_MEMORY = {"default": 300, "answers": 600, "asked": 60, "template_fragments": 300, "read": 60}


def own_memory(name: str, most: int) -> dict[str, Any]:
    backend = "django.core.cache.backends.locmem.LocMemCache"
    return {"BACKEND": backend, "LOCATION": name, "OPTIONS": {"MAX_ENTRIES": most}}


def release(base: Path) -> str:
    """Of the code, its pages and words: another release's answers are not given away."""
    rooms = [room for room in base.iterdir() if (room / "__init__.py").is_file()]
    files = [file for room in rooms for file in room.rglob("*.py")]
    files += [*(base / "templates").rglob("*"), *(base / "locale").rglob("*.mo")]
    digest = hashlib.sha256()
    for file in sorted(filter(Path.is_file, files)):
        digest.update(file.read_bytes())
    return digest.hexdigest()[:16]


def has_scheme(*schemes: str) -> Callable[[str], bool]:
    return lambda url: urlsplit(url).scheme in schemes


def is_address(text: str) -> bool:
    try:
        IPv4Address(text)
    except ValueError:
        return False
    return True


class Environment:
    """The outside settings, each read once, each with its own sentence when it is wrong."""

    def __init__(self, base: Path) -> None:
        self.base = base
        self.env = environ.Env()
        self._take_credentials()
        if (base / ".env").is_file():
            self.env.read_env(str(base / ".env"))

    def _take_credentials(self) -> None:
        """What systemd has decrypted for this process alone: files with the names of settings."""
        folder = os.environ.get("CREDENTIALS_DIRECTORY")
        for path in Path(folder).iterdir() if folder else ():
            if path.name.isidentifier() and path.name.isupper():
                os.environ.setdefault(path.name, path.read_text(encoding="utf-8").strip())

    def text(self, name: str, default: str = "") -> str:
        """The value, or the default where it is absent or left empty as in .env.example."""
        return self.env.str(name, default="").strip() or default

    def checked(
        self, name: str, is_good: Callable[[str], bool], sentence: str, default: str = ""
    ) -> str:
        """The same, refused with the sentence when it is no good; what is left empty is good."""
        text = self.text(name, default)
        if text and not is_good(text):
            raise ImproperlyConfigured(sentence.format(text))
        return text

    def debug(self) -> bool:
        known = SWITCHES.__contains__
        text = self.checked(
            "DEBUG", lambda text: known(text.lower()), "DEBUG 应为 1 或 0,现在是「{}」。", "0"
        )
        return SWITCHES[text.lower()]

    def secret_key(self, debug: bool) -> str:
        sentence = "SECRET_KEY 至少 50 个字符;请换一个更长的随机串。"
        key = self.checked("SECRET_KEY", lambda key: debug or len(key) >= SHORTEST_KEY, sentence)
        if not (key or debug):
            raise ImproperlyConfigured(
                "缺少 SECRET_KEY:请设置一个至少 50 个字符的随机串,或在本机试用时设 DEBUG=1。"
            )
        return key or self._key_of_this_machine()

    def _key_of_this_machine(self) -> str:
        """A random key kept under var/, so that trial sessions survive a restart."""
        path = self.base / "var" / "secret-key"
        if not path.is_file():
            path.parent.mkdir(exist_ok=True)
            path.write_text(secrets.token_urlsafe(64), encoding="ascii")
            path.chmod(0o600)
        return path.read_text(encoding="ascii").strip()

    def audit_keys(self, secret_key: str, debug: bool) -> dict[str, bytes]:
        """The keys of the audit chain, each by a name of its own; the first one seals.

        On one's own machine there is one that comes from SECRET_KEY.
        """
        keys: list[str] = self.env.list("AUDIT_KEYS", default=[])
        if not keys and not debug:
            raise ImproperlyConfigured(
                "缺少 AUDIT_KEYS:请设置一个至少 50 个字符的随机串,与数据库分开保管。"
            )
        if any(len(key) < SHORTEST_KEY for key in keys):
            raise ImproperlyConfigured("AUDIT_KEYS 里的每个密钥至少 50 个字符。")
        keys = keys or [f"audit:{secret_key}"]
        return {hexdigest(key, STANDARD.hash)[:8]: key.encode() for key in keys}

    def anchor_file(self) -> Path:
        return Path(self.text("ANCHOR_FILE", str(self.media_root().parent / "anchors.txt")))

    def anchor_mail(self) -> list[str]:
        addresses: list[str] = self.env.list("ANCHOR_MAIL", default=[])
        for address in addresses:
            if "@" not in address:
                raise ImproperlyConfigured(
                    f"ANCHOR_MAIL 应是用逗号隔开的邮箱地址,现在有「{address}」。"
                )
        return addresses

    def database(self) -> dict[str, Any]:
        sentence = "DATABASE_URL 应以 sqlite:// 或 postgresql:// 开头,现在的写法读不懂。"
        is_ours = has_scheme("sqlite", "postgres", "postgresql")
        url = self.checked("DATABASE_URL", is_ours, sentence)
        if not url:
            (self.base / "var").mkdir(exist_ok=True)
            url = f"sqlite:///{self.base / 'var' / 'db.sqlite3'}"
        database = dict(self.env.db_url_config(url), CONN_MAX_AGE=600, CONN_HEALTH_CHECKS=True)
        if database["ENGINE"].endswith("sqlite3"):
            database["OPTIONS"] = {**SQLITE_OPTIONS, **database.get("OPTIONS", {})}
        return database

    def hosts(self, debug: bool) -> list[str]:
        hosts: list[str] = self.env.list("ALLOWED_HOSTS", default=[])
        if not hosts and not debug:
            raise ImproperlyConfigured("缺少 ALLOWED_HOSTS:请写上门户的域名,多个用英文逗号隔开。")
        return hosts or ["127.0.0.1", "localhost", "[::1]"]

    def trusted_origins(self) -> list[str]:
        origins: list[str] = self.env.list("CSRF_TRUSTED_ORIGINS", default=[])
        for origin in origins:
            if not has_scheme("http", "https")(origin):
                raise ImproperlyConfigured(
                    f"CSRF_TRUSTED_ORIGINS 中的「{origin}」应以 https:// 开头。"
                )
        return origins

    def trusted_proxies(self, debug: bool) -> list[str]:
        """Where our proxies stand: on this machine unless told; in a trial nowhere."""
        return self._networks("TRUSTED_PROXIES") or ([] if debug else ["127.0.0.1", "::1"])

    def hook_networks(self) -> list[str]:
        """Our own networks to which changes may be sent; none unless told."""
        return self._networks("HOOK_NETWORKS")

    def _networks(self, name: str) -> list[str]:
        texts: list[str] = self.env.list(name, default=[])
        for text in texts:
            try:
                networks_of([text])
            except ValueError:
                raise ImproperlyConfigured(
                    f"{name} 应是用逗号隔开的地址或网段(如 127.0.0.1,10.1.0.0/24),"
                    f"现在有「{text}」。"
                ) from None
        return texts

    def bind(self) -> str:
        """The address of this machine at which the web server listens."""
        sentence = "BIND 应是本机的一个地址(如 127.0.0.1 或 10.1.0.5),现在是「{}」。"
        return self.checked("BIND", is_address, sentence, "127.0.0.1")

    def hsts_seconds(self, debug: bool) -> int:
        """How long browsers insist on https; 0 while that is being tried."""
        sentence = "HSTS_SECONDS 应为 0 到 63072000 的整数(秒),现在是「{}」。"

        def is_seconds(text: str) -> bool:
            return text.isdecimal() and len(text) < 9 and int(text) <= 63_072_000

        seconds = int(self.checked("HSTS_SECONDS", is_seconds, sentence, "31536000"))
        return 0 if debug else seconds

    def email(self) -> dict[str, Any]:
        """Mail settings; without EMAIL_URL letters are written to the console."""
        try:
            return dict(self.env.email_url_config(self.text("EMAIL_URL", "consolemail://")))
        except Exception as error:
            raise ImproperlyConfigured(
                "EMAIL_URL 读不懂;写法如 smtp+tls://用户:口令@主机:587。"
            ) from error

    def redis(self) -> str:
        sentence = "REDIS_URL 应以 redis:// 或 rediss:// 开头。"
        return self.checked("REDIS_URL", has_scheme("redis", "rediss"), sentence)

    def caches(self) -> dict[str, dict[str, Any]]:
        """What is shared lies in Redis where there is one; see ``chongqing_eval.kept``."""
        redis = self.redis()
        found = {name: own_memory(name, most) for name, most in OWN_MEMORY.items()}
        if redis:
            shared = {"BACKEND": "chongqing_eval.cache.SharedCache", "LOCATION": redis}
            found |= {"default": shared, "answers": {**shared, "KEY_PREFIX": release(self.base)}}
        return found

    def scanner(self) -> str:
        """The address of clamd; empty: uploads are not scanned for viruses."""
        sentence = "CLAMD_URL 应写成 tcp://主机:3310。"
        return self.checked(
            "CLAMD_URL",
            lambda url: has_scheme("tcp")(url) and bool(urlsplit(url).hostname),
            sentence,
        )

    def media_root(self) -> Path:
        return Path(self.text("MEDIA_ROOT", str(self.base / "var" / "media")))

    def feedback_erase_days(self) -> int:
        """After how many days of its answer the public's names and addresses are erased."""
        sentence = "FEEDBACK_ERASE_DAYS 应为 1 到 3650 的整数(天),现在是「{}」。"

        def is_days(text: str) -> bool:
            return text.isdecimal() and len(text) < 5 and 1 <= int(text) <= 3650

        return int(self.checked("FEEDBACK_ERASE_DAYS", is_days, sentence) or 90)

    def demo_password(self, debug: bool) -> str:
        """One password for all demonstration accounts; only trials on one's own machine."""
        return self.text("DEMO_PASSWORD") if debug else ""

    def time_zone(self) -> str:
        sentence = "TIME_ZONE「{}」不是已知时区;默认 Asia/Shanghai。"
        known = available_timezones().__contains__
        return self.checked("TIME_ZONE", known, sentence, "Asia/Shanghai")
