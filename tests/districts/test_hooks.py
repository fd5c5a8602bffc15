"""What has changed is sent to who asked for it: in order, signed, all of it, nobody else's."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction
from django.utils import timezone
from django.utils.translation import override
from standardwebhooks import Webhook, WebhookVerificationError

from audit.models import Entry
from audit.refusals import Conflict, NotAllowed, Unusable
from audit.services import record
from districts import hooks as lent
from districts.models import Delivery, District, Hook, User
from districts.models.hook import Ending
from districts.services import delivering, hooks, people
from selfchecks.models import Notice
from tests.districts.receiving import ORIGIN, Receiver, a_school, receiver

__all__ = ["receiver"]  # a fixture


@pytest.fixture
def hook(receiver: Receiver, data_system: User, yang_keeper: User) -> Hook:
    return hooks.register(user=data_system, url=receiver.url, origin=ORIGIN, by=yang_keeper)


def send(hook: Hook) -> int:
    """As the queue does after a commit."""
    Hook.objects.filter(pk=hook.pk, next_at=None).update(next_at=timezone.now())
    return delivering.deliver(hook.pk)


def later(hook: Hook, span: timedelta) -> None:
    """The wait is over, and it has been failing for so long."""
    hook.refresh_from_db()
    since = hook.failing_since and hook.failing_since - span
    Hook.objects.filter(pk=hook.pk).update(next_at=timezone.now(), failing_since=since)


def test_a_change_arrives_signed_as_the_library_verifies(
    hook: Hook, receiver: Receiver, shapingba: District, wu_manager: User
) -> None:
    a_school(shapingba, wu_manager, "5001060001")
    assert send(hook) == 2
    first, second = receiver.got
    assert first.change["action"] == "hook.register"
    told = Webhook(hook.secret or "").verify(second.content, second.headers)
    assert told["type"] == "school.create"
    assert told["data"]["resource"] == "schools"
    assert told["data"]["key"] == "5001060001"
    assert told["data"]["url"] == f"{ORIGIN}api/v1/schools/5001060001/"
    assert second.name == f"msg_{hook.pk}_{told['data']['number']}"
    for content, secret in (
        (second.content.replace("5001060001", "5001060002"), hook.secret),
        (second.content, hooks.renew(hook=hook, by=None).secret),
    ):
        with pytest.raises(WebhookVerificationError):
            Webhook(secret or "").verify(content, second.headers)


def test_after_another_key_of_the_portal_the_old_secret_holds_while_it_is_honoured(
    hook: Hook, receiver: Receiver, settings: Any
) -> None:
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "n" * 60, [settings.SECRET_KEY]
    send(hook)
    Webhook(hook.secret or "").verify(receiver.got[0].content, receiver.got[0].headers)


def test_what_is_sent_is_what_the_feed_says_to_that_account(
    receiver: Receiver, shapingba: District, tongliang: District, liu_officer: User,
    chen_officer: User, wu_manager: User, bearer: Any,
) -> None:  # fmt: skip
    ours = hooks.register(user=chen_officer, url=receiver.url, origin=ORIGIN, by=chen_officer)
    a_school(tongliang, wu_manager, "5001510001")
    a_school(shapingba, wu_manager, "5001060001")
    send(ours)
    told = [came.change for came in receiver.got]
    page = bearer(chen_officer).get("/api/v1/changes/", {"after": ours.position, "limit": 500})
    shown = [
        {**change, "url": change["url"].replace("http://testserver/", ORIGIN)}
        for change in page.json()["results"]
    ]
    assert told == shown[: len(told)]
    assert [change["action"] for change in shown[len(told) :]] == []
    assert "5001510001" not in str(told)
    assert "5001060001" in str(told)


def test_a_narrowed_address_is_told_of_its_unit_and_a_chosen_kind_alone(
    receiver: Receiver, data_system: User, yang_keeper: User, wu_manager: User,
    shapingba: District, tongliang: District,
) -> None:  # fmt: skip
    made = {"user": data_system, "origin": ORIGIN, "by": yang_keeper}
    narrowed = hooks.register(**made, url=receiver.url, district=shapingba, kinds=["schools"])
    a_school(tongliang, wu_manager, "5001510001")
    a_school(shapingba, wu_manager, "5001060001")
    assert send(narrowed) == 1
    assert [came.change["key"] for came in receiver.got] == ["5001060001"]
    narrowed.refresh_from_db()
    assert narrowed.position == Entry.objects.latest("number").number
    assert narrowed.next_at is None


def test_scope_is_that_of_the_moment_of_sending(
    receiver: Receiver, chen_officer: User, shapingba: District, tongliang: District,
    wu_manager: User,
) -> None:  # fmt: skip
    ours = hooks.register(
        user=chen_officer, url=receiver.url, origin=ORIGIN, by=chen_officer, kinds=["schools"]
    )
    a_school(shapingba, wu_manager, "5001060001")
    User.objects.filter(pk=chen_officer.pk).update(district=tongliang)  # behind every service
    assert send(ours) == 0
    assert receiver.got == []


def test_a_refusal_is_tried_again_later_and_later_and_nothing_overtakes_it(
    hook: Hook, receiver: Receiver, shapingba: District, wu_manager: User
) -> None:
    a_school(shapingba, wu_manager, "5001060001")
    receiver.answers = [500, 302, 404]
    for failures, minutes in ((1, 1), (2, 2), (3, 4)):
        before = timezone.now()
        assert send(hook) == 0
        hook.refresh_from_db()
        assert hook.failures == failures
        assert hook.next_at is not None
        assert before < hook.next_at - timedelta(minutes=minutes) < timezone.now()
        assert send(hook) == 0  # not yet
        later(hook, timedelta(0))
    assert send(hook) == 2
    assert len({came.name for came in receiver.got}) == 2
    assert [came.change["action"] for came in receiver.taken] == ["hook.register", "school.create"]
    log = Delivery.objects.filter(hook=hook).order_by("pk").values_list("status", "is_ok")
    assert list(log) == [(500, False), (302, False), (404, False), (204, True), (204, True)]
    hook.refresh_from_db()
    assert (hook.failures, hook.failing_since) == (0, None)


def test_waits_grow_to_six_hours(hook: Hook, receiver: Receiver) -> None:
    receiver.answers = [503] * 12
    waits = []
    for _turn in range(12):
        before = timezone.now()
        send(hook)
        hook.refresh_from_db()
        assert hook.next_at is not None
        waits.append(round((hook.next_at - before).total_seconds() / 60))
        later(hook, timedelta(0))
    assert waits == [1, 2, 4, 8, 16, 32, 64, 128, 256, 360, 360, 360]


def test_five_days_of_failures_end_it_and_its_people_are_told(
    hook: Hook, receiver: Receiver, data_system: User, yang_keeper: User, settings: Any
) -> None:
    receiver.answers = [500, 500, 500]
    send(hook)
    later(hook, timedelta(days=4, hours=23))
    send(hook)
    hook.refresh_from_db()
    assert hook.ended == ""
    later(hook, timedelta(hours=2))
    send(hook)
    hook.refresh_from_db()
    assert (hook.ended, hook.next_at) == (Ending.FAILING, None)
    assert Entry.objects.latest("number").action == "hook.fail"
    told = Notice.objects.filter(kind="hook.failing").values_list("recipient", flat=True)
    assert set(told) == {data_system.pk, yang_keeper.pk}
    assert send(hook) == 0
    hooks.resume(hook=hook, by=data_system)
    assert send(hook) == 3  # registered, ended, resumed: from where it stopped
    assert [came.change["action"] for came in receiver.taken] == [
        "hook.register",
        "hook.fail",
        "hook.resume",
    ]


def test_410_ends_it_at_once(hook: Hook, receiver: Receiver) -> None:
    receiver.answers = [410]
    send(hook)
    hook.refresh_from_db()
    assert hook.ended == Ending.GONE


def test_a_closed_account_is_sent_nothing(
    hook: Hook, receiver: Receiver, data_system: User, yang_keeper: User
) -> None:
    people.disable_user(user=data_system, by=yang_keeper)
    hook.refresh_from_db()
    assert hook.ended == Ending.ACCOUNT
    assert send(hook) == 0
    with pytest.raises(Conflict):
        hooks.resume(hook=hook, by=yang_keeper)
    Hook.objects.filter(pk=hook.pk).update(ended="")  # behind every service
    assert send(hook) == 0
    assert receiver.got == []


def test_sending_again_begins_after_a_number_under_the_same_names(
    hook: Hook, receiver: Receiver, data_system: User, shapingba: District, wu_manager: User
) -> None:
    start = hook.position
    a_school(shapingba, wu_manager, "5001060001")
    send(hook)
    names = [came.name for came in receiver.got]
    hook.refresh_from_db()
    with pytest.raises(Unusable):
        hooks.replay(hook=hook, after=hook.position + 1, by=data_system)
    hooks.replay(hook=hook, after=start, by=data_system)
    send(hook)
    assert [came.name for came in receiver.got][2:4] == names
    assert receiver.got[4].change["action"] == "hook.replay"


def test_inside_addresses_are_called_only_when_the_operator_lists_them(
    hook: Hook, receiver: Receiver, settings: Any
) -> None:
    settings.HOOK_NETWORKS = ["10.20.0.0/16"]
    assert send(hook) == 0
    assert receiver.got == []
    row = Delivery.objects.get(hook=hook)
    assert row.status is None
    assert row.why.startswith("地址 127.0.0.1 在内部网络里")
    with override("en"):
        assert row.why.startswith("The address 127.0.0.1 is in an internal network")
    Delivery.objects.filter(pk=row.pk).update(fault="对方 100% 不应答", fault_values=None)
    row.refresh_from_db()
    assert row.why == "对方 100% 不应答"  # as it was written down before sentences were kept


@pytest.mark.django_db(transaction=True)
def test_the_queue_sends_after_the_commit_and_never_what_was_rolled_back(
    hook: Hook, receiver: Receiver, shapingba: District, wu_manager: User, worker: Any
) -> None:
    worker()
    assert [came.change["action"] for came in receiver.got] == ["hook.register"]
    school = a_school(shapingba, wu_manager, "5001060001")
    with transaction.atomic():
        record(action="test.undone", by=None, on=school, district_code=shapingba.code)
        transaction.set_rollback(True)
    assert len(receiver.got) == 1  # nothing is sent in a request
    worker()
    assert [came.change["action"] for came in receiver.got] == ["hook.register", "school.create"]
    worker()
    assert len(receiver.got) == 2


def test_who_may_register_and_what(
    reference: None, data_system: User, yang_keeper: User, wu_manager: User, shapingba: District,
    chen_officer: User, tongliang: District,
) -> None:  # fmt: skip
    made = {"origin": ORIGIN, "url": "https://data.example.cn/in"}
    with pytest.raises(NotAllowed):
        hooks.register(user=data_system, by=wu_manager, **made)
    with pytest.raises(NotAllowed):
        hooks.register(user=chen_officer, by=yang_keeper, **made)
    with pytest.raises(Unusable):
        hooks.register(user=chen_officer, by=chen_officer, district=tongliang, **made)
    with pytest.raises(Unusable) as refused:
        hooks.register(user=data_system, by=yang_keeper, kinds=["secrets"], **made)
    assert "self-checks" in str(refused.value)
    assert "schools" in lent.kinds()
    hook = hooks.register(user=data_system, by=yang_keeper, **made)
    with pytest.raises(Conflict):
        hooks.register(user=data_system, by=yang_keeper, **made)
    with pytest.raises(NotAllowed):
        hooks.end(hook=hook, by=wu_manager)
    for turn in range(hooks.MOST - 1):
        hooks.register(user=data_system, by=yang_keeper, origin=ORIGIN, url=f"https://a.cn/{turn}")
    with pytest.raises(Unusable):
        hooks.register(user=data_system, by=yang_keeper, origin=ORIGIN, url="https://a.cn/more")
