"""Who keeps the accounts registers addresses of systems, ends them and sends again."""

from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from districts.models import Delivery, Hook, User
from districts.models.hook import Ending
from districts.services import hooks

ADMIN = "/admin/districts/"


@pytest.fixture
def keeper(signed_in: Any, yang_keeper: User) -> Client:
    client: Client = signed_in(yang_keeper)
    return client


@pytest.fixture
def hook(data_system: User) -> Hook:
    return hooks.register(user=data_system, url="https://a.cn/in", origin="https://p.cn/", by=None)


def act(client: Client, table: str, action: str, *rows: Any) -> Any:
    chosen = {"action": action, "_selected_action": [row.pk for row in rows]}
    return client.post(f"{ADMIN}{table}/", chosen, follow=True)


def test_the_secret_is_shown_when_it_is_registered_and_never_again(
    keeper: Client, data_system: User, wu_manager: User
) -> None:
    form = {"user": data_system.pk, "url": "https://a.cn/in", "kinds": ["schools"], "district": ""}
    shown = keeper.post(f"{ADMIN}hook/add/", form).text
    made = Hook.objects.get()
    assert made.kinds == ["schools"]
    assert made.origin == "http://testserver/"
    assert "whsec_" in shown
    for page in ("hook/", f"hook/{made.pk}/change/", f"hook/{made.pk}/history/"):
        assert "whsec_" not in keeper.get(ADMIN + page).text
    again = keeper.post(f"{ADMIN}hook/add/", form | {"url": "http//x"})
    assert "地址读不懂" in again.text
    assert wu_manager.display_name not in keeper.get(f"{ADMIN}hook/add/").text  # systems alone


def test_addresses_are_ended_resumed_and_given_a_new_secret(keeper: Client, hook: Hook) -> None:
    assert "已停用 1 个推送地址" in act(keeper, "hook", "end", hook).text
    hook.refresh_from_db()
    assert hook.ended == Ending.OWN
    assert "已恢复 1 个推送地址" in act(keeper, "hook", "resume", hook).text
    assert "whsec_" in act(keeper, "hook", "renew", hook).text
    hook.refresh_from_db()
    assert hook.ended == ""


def test_sending_again_begins_with_the_chosen_row(keeper: Client, hook: Hook) -> None:
    Hook.objects.filter(pk=hook.pk).update(position=hook.position + 3)
    rows = [
        Delivery.objects.create(
            hook=hook,
            number=hook.position + after,
            action="hook.register",
            at=timezone.now(),
            seconds=0.1,
            is_ok=True,
        )
        for after in (1, 2, 3)
    ]
    act(keeper, "delivery", "replay", rows[2], rows[1])
    expected = hook.position + 1
    hook.refresh_from_db()
    assert hook.position == expected
    hooks.end(hook=hook, by=None)
    assert "请先恢复" in act(keeper, "delivery", "replay", rows[0]).text


def test_who_audits_looks_on(signed_in: Any, he_auditor: User, hook: Hook) -> None:
    auditor = signed_in(he_auditor)
    assert hook.url in auditor.get(f"{ADMIN}hook/").text
    act(auditor, "hook", "end", hook)
    hook.refresh_from_db()
    assert hook.ended == ""
