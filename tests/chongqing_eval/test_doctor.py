"""The doctor finds what is wrong with an installation and says it in a sentence (m36, m88)."""

from datetime import timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core import checks
from django.core.management import CommandError, call_command
from django.core.management.base import SystemCheckError
from django.db import connection, transaction
from django.utils import timezone

from audit.services import record
from chongqing_eval.checks_outside import lines_between_machines, unguarded
from chongqing_eval.installation import INSTALLATION
from districts.models import AccountLink, User
from districts.services.demo import load_accounts
from documents.drawing import font
from schedule.models import Statement, Subject
from schedule.services.statements import say

pytestmark = pytest.mark.usefixtures("sealed")


@pytest.fixture
def sealed(yang_keeper: User, wu_manager: User) -> None:
    """The accounts were made by pytest, past the services; what the operator says is said."""
    with transaction.atomic():
        record(action="test.people", by=None)
    for subject in Subject.values:
        say(subject=subject, text="由运行单位填写", by=wu_manager)


def levels() -> dict[str, int]:
    found = checks.run_checks(
        tags=[INSTALLATION], include_deployment_checks=True, databases=["default"]
    )
    return {finding.msg: finding.level for finding in found}


def level_of(word: str) -> int:
    (level,) = (level for sentence, level in levels().items() if word in sentence)
    return level


def test_a_sound_installation_passes() -> None:
    out = StringIO()
    call_command("doctor", stdout=out)
    assert "没有必须处理的问题" in out.getvalue()
    assert checks.ERROR not in levels().values()
    assert len(levels()) == 21


def test_keepers_who_have_not_opened_their_links_yet_are_named(yang_keeper: User) -> None:
    """Before a portal serves nobody can: that must not keep it from being opened."""
    User.objects.filter(pk=yang_keeper.pk).update(is_active=False)
    assert level_of("没有可用的系统管理员账号") == checks.ERROR
    for name in ("qin_keeper", "he_keeper"):
        told = {"username": name, "display_name": "秦月"}
        call_command("createsuperuser", **told, stdout=StringIO(), stderr=StringIO())
    assert level_of("系统管理员 qin_keeper、he_keeper 还没有设密码") == checks.WARNING
    AccountLink.objects.update(expires_at=timezone.now())
    assert level_of("没有可用的系统管理员账号") == checks.ERROR


def test_what_the_operator_has_not_said_fails_in_production_and_warns_in_a_trial(
    settings: Any,
) -> None:
    Statement.objects.filter(subject__in=["privacy", "licence"]).delete()
    assert level_of("门户说明还没有填写：隐私说明、使用许可") == checks.ERROR
    settings.DEBUG = True
    assert level_of("门户说明还没有填写：隐私说明、使用许可") == checks.WARNING


def test_a_machine_without_chinese_fonts_is_told_what_it_cannot_make(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert level_of("画图用的中文字体：") == checks.INFO
    monkeypatch.setattr("documents.drawing.font", lambda: font(("/nowhere",)))
    assert level_of("请安装 Noto Sans CJK") == checks.WARNING


@pytest.mark.parametrize(
    ("host", "options", "address", "expected"),
    [
        ("127.0.0.1", {}, "redis://localhost:6379", []),
        ("/var/run/postgresql", {}, "tcp://127.0.0.1:3310", []),
        ("", {}, "", []),
        ("10.0.0.5", {}, "", ["数据库 10.0.0.5"]),
        ("10.0.0.5", {"sslmode": "require"}, "", ["数据库 10.0.0.5"]),
        ("10.0.0.5", {"sslmode": "verify-full"}, "rediss://10.0.0.6:6379", []),
        ("", {}, "redis://:secret@10.0.0.6:6379/0", ["redis://10.0.0.6"]),
        ("", {}, "tcp://10.0.0.7:3310", ["tcp://10.0.0.7"]),
        ("", {}, "http://sign.example.cn/sm2", ["http://sign.example.cn"]),
        ("", {}, "https://files.example.cn:9000", []),
        ("", {}, "smtp://mail.example.cn", ["smtp://mail.example.cn"]),
        ("", {}, "/usr/local/bin/sign --slot 1", []),
    ],
)
def test_lines_to_other_machines_are_encrypted_and_know_whom_they_reach(
    host: str, options: dict[str, str], address: str, expected: list[str]
) -> None:
    assert unguarded([{"HOST": host, "OPTIONS": options}], [address]) == expected


def test_every_line_the_settings_name_is_looked_at(settings: Any) -> None:
    settings.CACHES = {"default": {"LOCATION": "redis://10.0.0.1:6379"}}
    bucket = {"endpoint_url": "http://10.0.0.2:9000"}
    settings.STORAGES = {**settings.STORAGES, "default": {"BACKEND": "x", "OPTIONS": bucket}}
    settings.CLAMD_URL, settings.SIGNER = "tcp://10.0.0.3:3310", "http://10.0.0.4/sign"
    settings.EMAIL_HOST, settings.EMAIL_USE_TLS, settings.EMAIL_USE_SSL = "10.0.0.5", False, False
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    told = str(lines_between_machines().msg)
    assert [f"10.0.0.{n}" in told for n in range(1, 7)] == [True] * 5 + [False]
    settings.EMAIL_BACKEND = "django.core.mail.backends.console.EmailBackend"
    assert "10.0.0.5" not in str(lines_between_machines().msg)  # letters go to the log alone


def test_django_asks_only_when_it_is_told_to_look_at_the_database() -> None:
    assert checks.run_checks(tags=[INSTALLATION], databases=["default"]) == []
    assert checks.run_checks(tags=[INSTALLATION], include_deployment_checks=True) == []


def test_what_django_finds_has_a_name_to_be_silenced_by(settings: Any) -> None:
    settings.ALLOWED_HOSTS = ["*"]
    with pytest.raises(SystemCheckError, match=r"\(installation.host_names\) ALLOWED_HOSTS"):
        call_command("check", deploy=True, databases=["default"], tags=[INSTALLATION])


def test_a_broken_chain_fails_the_command() -> None:
    with connection.cursor() as cursor:
        cursor.execute("UPDATE audit_entry SET reason = 'x' WHERE number = 1")
    assert level_of("审计链") == checks.ERROR
    with pytest.raises(CommandError, match="1 项"):
        call_command("doctor", stdout=StringIO())


def test_an_altered_row_fails_the_command(wu_manager: User) -> None:
    User._base_manager.filter(pk=wu_manager.pk).update(reach="city", display_name="另一人")
    assert level_of("与审计记录不符") == checks.ERROR


def test_the_key_and_the_last_verification_are_told(settings: Any) -> None:
    (key,) = settings.AUDIT_KEYS
    assert level_of(f"密钥 {key} 以 sha256 封存") == checks.WARNING
    call_command("audit_verify", stdout=StringIO())
    assert level_of("上次 audit_verify 全部相符") == checks.INFO
    assert not [sentence for sentence in levels() if "还没有过" in sentence]


@pytest.mark.parametrize(("debug", "level"), [(True, checks.WARNING), (False, checks.ERROR)])
def test_m36_demonstration_accounts_belong_to_trials(
    settings: Any, debug: bool, level: int
) -> None:
    load_accounts(districts=[], seed=1, password="", by=None)
    settings.DEBUG = debug
    assert level_of("演示账号") == level


def test_m36_accounts_idle_for_90_days_are_named(chen_officer: User, liu_officer: User) -> None:
    now = timezone.now()
    User.objects.filter(pk=chen_officer.pk).update(last_login=now - timedelta(days=91))
    User.objects.filter(pk=liu_officer.pk).update(last_login=now - timedelta(days=89))
    (sentence,) = (sentence for sentence in levels() if "未登录" in sentence)
    assert "officer_500106" in sentence
    assert "officer_500151" not in sentence


@pytest.mark.parametrize("lack", [{"is_active": False}, {"password": "!"}])
def test_an_installation_nobody_keeps_accounts_of_cannot_be_run(
    yang_keeper: User, lack: dict[str, Any]
) -> None:
    User.objects.filter(pk=yang_keeper.pk).update(**lack)
    assert level_of("系统管理员") == checks.ERROR


@pytest.mark.parametrize(
    ("setting", "value", "word"),
    [
        ("SECRET_KEY", "short", "SECRET_KEY"),
        ("ALLOWED_HOSTS", ["*"], "ALLOWED_HOSTS"),
        ("MEDIA_ROOT", Path("/proc/nowhere"), "文件目录"),
    ],
)
def test_m88_bad_settings_are_found(settings: Any, setting: str, value: Any, word: str) -> None:
    setattr(settings, setting, value)
    assert level_of(word) == checks.ERROR


def test_a_mail_server_that_does_not_answer_is_found(settings: Any) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    assert level_of("邮件") == checks.ERROR
