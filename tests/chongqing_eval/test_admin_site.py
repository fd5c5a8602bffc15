"""The administration's site: what few pages show is put together for them alone."""

import json
import re
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from chongqing_eval.admin_site import PortalAdminSite
from districts.models import User
from tests.reader import words


@pytest.mark.parametrize(
    ("page", "count"),
    [
        ("admin:index", 0),
        ("admin:selfchecks_selfcheck_work", 0),
        ("admin:selfchecks_selfcheck_changelist", 0),
        ("admin:data", 1),
    ],
)
def test_the_list_of_everything_is_put_together_where_it_stands(
    zhou_inspector: User, signed_in: Any, monkeypatch: pytest.MonkeyPatch, page: str, count: int
) -> None:
    made, as_it_is = [], PortalAdminSite._app_list

    def counted(*asked: Any) -> Any:
        made.append(asked)
        return as_it_is(*asked)

    monkeypatch.setattr(PortalAdminSite, "_app_list", counted)
    assert signed_in(zhou_inspector).get(reverse(page)).status_code == 200
    assert len(made) == count


def test_every_list_is_one_step_from_today(zhou_inspector: User, signed_in: Any) -> None:
    client: Client = signed_in(zhou_inspector)
    assert f'href="{reverse("admin:data")}"' in client.get(reverse("admin:index")).text
    lists = client.get(reverse("admin:data")).text
    assert reverse("admin:districts_school_changelist") in lists
    assert client.get(reverse("admin:app_list", args=["districts"])).status_code == 200
    assert client.get(reverse("admin:app_list", args=["auth"])).status_code == 404


@pytest.mark.parametrize(
    ("prefix", "ahead", "behind"),
    [
        ("", "您的设备比北京时间快 %s 小时", "您的设备比北京时间慢 %s 小时"),
        ("/en", "your device is %s h ahead of it", "your device is %s h behind it"),
    ],
)
def test_who_has_another_clock_is_told_of_beijings(
    signed_in: Any, wu_manager: User, prefix: str, ahead: str, behind: str
) -> None:
    """Django's script shows one of them beside days and times, and asks by its own sentence."""
    script = signed_in(wu_manager).get(f"{prefix}/admin/jsi18n/").content.decode()
    said = re.findall(r'("Note: You are %s hour .*): (".*"),?\n', script)
    assert [json.loads(asked).split()[5] for asked, _answer in said] == ["ahead", "behind"]
    assert ahead in json.loads(said[0][1])
    assert behind in json.loads(said[1][1])


def test_chinese_names_stand_without_spaces(signed_in: Any, yang_keeper: User) -> None:
    page = signed_in(yang_keeper).get("/admin/districts/user/")
    assert "增加账号" in words(page)
    assert "增加 账号" not in words(page)
    assert "<title>账号 | 市级管理</title>" in page.text
