"""Whatever dies between a commit and its message, each change is received once (m62)."""

from contextlib import suppress
from typing import Any

import pytest
from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from audit.models import Entry
from audit.services import record
from districts.models import Delivery, District, Hook, School, User
from districts.roles import Role
from districts.services import delivering, hooks
from tests.conftest import person
from tests.districts.receiving import ORIGIN, Receiver, a_school, receiver

__all__ = ["receiver"]  # a fixture


class Killed(BaseException):
    """The worker is gone; nothing after this point runs."""


@hypothesis_settings(
    max_examples=50,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    acts=st.lists(
        st.sampled_from(["change", "other", "send", "refuse", "kill before", "kill after"]),
        min_size=3,
        max_size=14,
    )
)
def test_m62_killed_between_commit_and_sending_each_change_is_received_once(
    acts: list[str], receiver: Receiver, shapingba: District, tongliang: District,
    data_system: User,
) -> None:  # fmt: skip
    """By its name, in order, whatever happens to workers and receivers meanwhile."""
    with transaction.atomic():
        receiver.got.clear(), receiver.taken.clear(), receiver.answers.clear()
        schools = [a_school_of(shapingba), a_school_of(tongliang)]
        hook = hooks.register(
            user=data_system, url=receiver.url, origin=ORIGIN, by=None, district=shapingba
        )
        wanted = [Entry.objects.latest("number").number]
        for act in acts:
            if act in ("change", "other"):
                place = schools[act == "other"]
                code = place.district.code
                entry = record(action="test.race", by=None, on=place, district_code=code)
                if act == "change":
                    wanted.append(entry.number)
                continue
            receiver.answers = [500] if act == "refuse" else []
            run(hook, act)
        receiver.answers = []
        run(hook, "send")
        acknowledged = list(dict.fromkeys(came.change["number"] for came in receiver.taken))
        assert acknowledged == wanted
        log = Delivery.objects.filter(hook=hook, is_ok=True).order_by("pk")
        assert list(log.values_list("number", flat=True)) == wanted
        transaction.set_rollback(True)


def a_school_of(district: District) -> School:
    by = User.objects.filter(role=Role.MANAGER).first() or person("boss", "主任", Role.MANAGER)
    return a_school(district, by, f"{district.code}0001")


def run(hook: Hook, act: str) -> None:
    """One worker: it may die before its message leaves, or before it has noted the answer."""
    Hook.objects.filter(pk=hook.pk).update(next_at=timezone.now())  # every claim has ended
    posting = delivering._post

    def dying(*given: Any) -> int:
        if act == "kill after":
            posting(*given)
        raise Killed

    with pytest.MonkeyPatch.context() as patch:
        if act.startswith("kill"):
            patch.setattr(delivering, "_post", dying)
        with suppress(Killed):
            delivering.deliver(hook.pk)
