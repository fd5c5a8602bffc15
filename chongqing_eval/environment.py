"""Reads the settings that come from outside and refuses bad ones with one sentence each."""

import secrets
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import available_timezones

import environ
from django.core.exceptions import ImproperlyConfigured

PASSWORD_PROFILES = ("dengbao", "asvs")
DATABASE_SCHEMES = ("sqlite", "postgres", "postgresql")
SQLITE_OPTIONS = {
    # Measured: writers never meet "database is locked" with these; most do with the defaults.
    "transaction_mode": "IMMEDIATE",
    "timeout": 20,
    "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
}


class Environment:
    """The outside settings, each read once, each with its own sentence when it is wrong."""

    def __init__(self, base: Path) -> None:
        self.base = base
        self.env = environ.Env()
        if (base / ".env").is_file():
            self.env.read_env(str(base / ".env"))

    def text(self, name: str, default: str = "") -> str:
        """The value, or the default where it is absent or left empty as in .env.example."""
        return self.env.str(name, default="").strip() or default

    def debug(self) -> bool:
        text = self.text("DEBUG", "0").lower()
        if text in {"1", "true", "yes", "on"}:
            return True
        if text in {"0", "false", "no", "off"}:
            return False
        raise ImproperlyConfigured(f"DEBUG 应为 1 或 0,现在是「{text}」。")

    def secret_key(self, debug: bool) -> str:
        key = self.text("SECRET_KEY")
        if key:
            if not debug and len(key) < 50:
                raise ImproperlyConfigured("SECRET_KEY 至少 50 个字符;请换一个更长的随机串。")
            return key
        if not debug:
            raise ImproperlyConfigured(
                "缺少 SECRET_KEY:请设置一个至少 50 个字符的随机串,或在本机试用时设 DEBUG=1。"
            )
        return self._key_of_this_machine()

    def _key_of_this_machine(self) -> str:
        """A random key kept under var/, so that trial sessions survive a restart."""
        path = self.base / "var" / "secret-key"
        if not path.is_file():
            path.parent.mkdir(exist_ok=True)
            path.write_text(secrets.token_urlsafe(64), encoding="ascii")
            path.chmod(0o600)
        return path.read_text(encoding="ascii").strip()

    def database(self) -> dict[str, Any]:
        url = self.text("DATABASE_URL")
        if not url:
            (self.base / "var").mkdir(exist_ok=True)
            url = f"sqlite:///{self.base / 'var' / 'db.sqlite3'}"
        if urlsplit(url).scheme not in DATABASE_SCHEMES:
            raise ImproperlyConfigured(
                "DATABASE_URL 应以 sqlite:// 或 postgresql:// 开头,现在的写法读不懂。"
            )
        database = dict(self.env.db_url_config(url))
        database["CONN_MAX_AGE"] = 600
        database["CONN_HEALTH_CHECKS"] = True
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
            if urlsplit(origin).scheme not in {"http", "https"}:
                raise ImproperlyConfigured(
                    f"CSRF_TRUSTED_ORIGINS 中的「{origin}」应以 https:// 开头。"
                )
        return origins

    def email(self) -> dict[str, Any]:
        """Mail settings; without EMAIL_URL letters are written to the console."""
        url = self.text("EMAIL_URL", "consolemail://")
        try:
            return dict(self.env.email_url_config(url))
        except Exception as error:
            raise ImproperlyConfigured(
                "EMAIL_URL 读不懂;写法如 smtp+tls://用户:口令@主机:587。"
            ) from error

    def redis(self) -> str:
        url = self.text("REDIS_URL")
        if url and urlsplit(url).scheme not in {"redis", "rediss"}:
            raise ImproperlyConfigured("REDIS_URL 应以 redis:// 或 rediss:// 开头。")
        return url

    def scanner(self) -> str:
        """The address of clamd; empty: uploads are not scanned for viruses."""
        url = self.text("CLAMD_URL")
        if url and (urlsplit(url).scheme != "tcp" or not urlsplit(url).hostname):
            raise ImproperlyConfigured("CLAMD_URL 应写成 tcp://主机:3310。")
        return url

    def media_root(self) -> Path:
        return Path(self.text("MEDIA_ROOT", str(self.base / "var" / "media")))

    def password_profile(self) -> str:
        profile = self.text("PASSWORD_PROFILE", "dengbao")
        if profile not in PASSWORD_PROFILES:
            raise ImproperlyConfigured(
                f"PASSWORD_PROFILE 应为 dengbao 或 asvs,现在是「{profile}」。"
            )
        return profile

    def demo_password(self, debug: bool) -> str:
        """One password for all demonstration accounts; only trials on one's own machine."""
        return self.text("DEMO_PASSWORD") if debug else ""

    def time_zone(self) -> str:
        zone = self.text("TIME_ZONE", "Asia/Shanghai")
        if zone not in available_timezones():
            raise ImproperlyConfigured(f"TIME_ZONE「{zone}」不是已知时区;默认 Asia/Shanghai。")
        return zone
