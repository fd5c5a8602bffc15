"""Good passwords, their age, and what happens to people who guess."""

import gzip
from datetime import timedelta
from pathlib import Path

import pytest
from django.contrib.auth.password_validation import CommonPasswordValidator, validate_password
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone

from districts.models import User
from districts.passwords import must_change
from tests.conftest import PASSWORD
from tests.reader import words


def refused(password, user=None):
    """The sentences that refuse it; empty when it is good."""
    try:
        validate_password(password, user)
    except ValidationError as error:
        return "".join(error.messages)
    return ""


WEAK = """
    short-1A 12345678901234 Chongqing2026! alllowercaseletters Password123! Shapingba2026!
    P@ssw0rd2026 1qaz@WSX3edc Jiulongpo_2025# Tongliang@123 Nanan2026!! Qwer1234!@#$ Abc123456!
    zhangwei1990A! Aa123456789 Woaini1314! Dudao@2026 1234qwer!@#$QWER 沙坪坝区2026Aa!
    Password-2026- Admin@123456 Cqedu@2026 Junheng2026! Liangjiang@2025 !QAZ2wsx#EDC Qazwsx123!
    Asdf1234! Zxcvbnm,./1 Wangwei@1985 Chenjing2020! 2026Chongqing@ Jiaowei@2024 Beibei@12345
    Officer_500106! Yubei2026Yubei! ChongqingShapingba2026 Youzhi-Junheng-2026 Wanzhou#2027
    Mima@123456 Abcd1234!@#$ Iloveyou520! Summer2026! Welcome@2026 Passw0rd!Passw0rd! Aa112233!!
    1q2w3e4r5T! QWERasdf1234 Liu-Yang-1988 Beijing2008! Xuexiao2026! 陈静Chen-2026
    Signatory-500151 Guanliyuan#1 Chang-Shou-2026
"""


@pytest.mark.parametrize("profile", ["dengbao", "asvs"])
def test_m31_weak_passwords_are_refused(chen_officer, profile, settings):
    settings.PASSWORD_PROFILE = profile
    assert [password for password in WEAK.split() if not refused(password, chen_officer)] == []
    assert len(WEAK.split()) > 50


def test_m31_so_are_the_3000_most_common_ones(chen_officer):
    packed = Path(str(CommonPasswordValidator().DEFAULT_PASSWORD_LIST_PATH)).read_bytes()
    common = gzip.decompress(packed).decode().split()[:3000]
    assert [password for password in common if not refused(password)] == []


@pytest.mark.parametrize(
    ("password", "kinds"),
    [
        ("Shapingba2026!", "里面有地名、年份或日期。"),
        ("P@ssw0rd2026", "里面有常用的词或密码、年份或日期。"),
        ("1qaz@WSX3edc", "里面有键盘上连着的键。"),
        ("Chenjing-1990", "里面有人名或账号、年份或日期。"),
        ("Kxkxkxkxkx-1", "里面有重复的字符。"),
    ],
)
def test_the_sentence_says_why(chen_officer, password, kinds):
    assert kinds in refused(password, chen_officer)


@pytest.mark.parametrize("password", ["Lantern-7-river", "九龙-Bridge-88x", "Teapot+violin=73"])
def test_good_passwords_pass(chen_officer, password):
    assert not refused(password, chen_officer)


def test_the_last_five_are_not_taken_again(chen_officer):
    used = [f"Lantern-{number}-river" for number in range(6)]
    for password in used:
        chen_officer.set_password(password)
    chen_officer.save()
    chen_officer.refresh_from_db()
    kept = [bool(refused(password, chen_officer)) for password in used]
    assert kept == [False, True, True, True, True, True]
    assert "最近五次" in refused(used[1], chen_officer)
    assert not any(password in str(chen_officer.past_passwords) for password in used)


@pytest.mark.parametrize(("days", "left"), [(82, None), (83, 7), (89, 1)])
def test_m32_pages_and_api_say_so_from_day_83(chen_officer, signed_in, days, left):
    User.objects.filter(pk=chen_officer.pk).update(
        password_changed_at=timezone.now() - timedelta(days=days - 0.5)
    )
    client = signed_in(chen_officer)
    note = f"密码还有 {left} 天到期" if left else ""
    assert ("天到期" in words(client.get("/self-checks/"))) is bool(left)
    assert note in words(client.get("/self-checks/"))
    answer = client.get("/api/v1/self-checks/")
    assert answer.get("X-Password-Days-Left") == (str(left) if left else None)


def test_m32_a_session_with_an_old_password_is_not_let_into_the_api(chen_officer, signed_in):
    expired = timezone.now() - timedelta(days=91)
    User.objects.filter(pk=chen_officer.pk).update(password_changed_at=expired)
    answer = signed_in(chen_officer).get("/api/v1/self-checks/")
    assert answer.status_code == 403
    assert "修改密码" in answer.json()["detail"]


@pytest.mark.parametrize(("days", "is_due"), [(89, False), (91, True)])
def test_passwords_of_the_dengbao_profile_last_90_days(chen_officer, settings, days, is_due):
    chen_officer.password_changed_at = timezone.now() - timedelta(days=days)
    settings.PASSWORD_PROFILE = "dengbao"
    assert must_change(chen_officer) is is_due
    settings.PASSWORD_PROFILE = "asvs"
    assert not must_change(chen_officer)


def test_an_expired_password_leads_to_the_page_that_changes_it(chen_officer, signed_in):
    expired = timezone.now() - timedelta(days=91)
    User.objects.filter(pk=chen_officer.pk).update(password_changed_at=expired)
    client = signed_in(chen_officer)
    assert client.get("/").headers["Location"] == reverse("password_change")
    answer = client.post(
        reverse("password_change"),
        {
            "old_password": PASSWORD,
            "new_password1": "Lantern-7-river",
            "new_password2": "Lantern-7-river",
        },
    )
    assert answer.status_code == 302
    chen_officer.refresh_from_db()
    assert chen_officer.check_password("Lantern-7-river")
    assert not must_change(chen_officer)


def attempt(client, password, address="10.0.0.1"):
    return client.post(
        reverse("login"),
        {"username": "officer_500106", "password": password},
        REMOTE_ADDR=address,
    )


def test_an_unknown_account_gets_the_same_answer(client, chen_officer):
    known = attempt(client, "wrong")
    unknown = client.post(reverse("login"), {"username": "nobody", "password": "wrong"})
    assert known.status_code == unknown.status_code
    assert known.context["form"].non_field_errors() == unknown.context["form"].non_field_errors()
