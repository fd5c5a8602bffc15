"""Demonstration data goes out again whole, or not at all while something real is among it."""

from datetime import date
from io import StringIO
from typing import Any

import pytest
from django.apps import apps
from django.core.management import CommandError, call_command
from django.utils import timezone

from audit.models import Entry
from audit.services import verify
from audit.verification import differences_of_rows
from districts.models import District, School, User
from districts.services import people
from indicators.models import Standard
from selfchecks.models import ReviewComment, SelfCheck

# The trail, what it hangs on, and what belongs to no unit: the portal's work and its calendar.
LEFT = {
    "audit.entry",
    "audit.chainhead",
    "selfchecks.deadline",
    "django_tasks_database.dbtaskresult",
}


def counts() -> dict[str, int]:
    found = {model._meta.label_lower: model._base_manager.count() for model in apps.get_models()}
    return {label: count for label, count in found.items() if label not in LEFT}


def remove() -> str:
    out = StringIO()
    call_command("remove_demo", stdout=out)
    return out.getvalue()


@pytest.fixture
def demonstration_data(reference: None, settings: Any) -> dict[str, int]:
    """Two units as ``make run`` shows them; how many rows each table had before."""
    settings.DEBUG = True
    before = counts()
    call_command("load_demo", districts=["500106", "500243"], schools=6, years=1, stdout=StringIO())
    return before


def test_what_was_made_up_is_gone_and_everything_else_is_there(
    yang_keeper: User, demonstration_data: dict[str, int]
) -> None:
    entries = Entry.objects.count()
    told = remove()
    assert counts() == demonstration_data
    assert Entry.objects.count() == entries + 1
    assert Entry.objects.first().action == "demo.remove"
    assert f"审计记录 {entries + 1} 条都留着" in told
    assert verify() is None
    assert not list(differences_of_rows())
    assert remove() == "没有演示数据。\n"
    assert Entry.objects.count() == entries + 1


def test_real_data_among_it_is_named_and_nothing_goes(
    demonstration_data: dict[str, int],
) -> None:
    about = {"display_name": "周岚", "role": "inspector", "reach": "city"}
    inspector, _secret = people.create_user(username="zhou", by=None, **about)
    self_check = SelfCheck.objects.filter(is_demo=True).order_by("pk").first()
    assert self_check
    comment = ReviewComment.objects.create(
        self_check=self_check,
        indicator="B1",
        text="请核对",
        written_by=inspector,
        written_at=timezone.now(),
    )
    before = counts()
    with pytest.raises(CommandError) as refused:
        remove()
    assert f"复核意见「{comment}」" in str(refused.value)
    assert "什么也没有删除" in str(refused.value)
    assert counts() == before


def test_a_real_school_that_hangs_on_a_made_up_one_keeps_it(
    demonstration_data: dict[str, int], shapingba: District
) -> None:
    made_up = School.objects.filter(district=shapingba).order_by("pk").first()
    real = School.objects.create(
        **{
            "district": shapingba,
            "code": "5001069999",
            "name": "真的教学点",
            "attached_to": made_up,
        },
        valid_from=date(2020, 1, 1),
    )
    with pytest.raises(CommandError) as refused:
        remove()
    assert real.name in str(refused.value)


def test_a_standard_that_a_demonstration_account_published_is_nobodys_demonstration(
    demonstration_data: dict[str, int],
) -> None:
    Standard.objects.update(published_by=User.objects.get(username="manager"))
    with pytest.raises(CommandError, match="标准"):
        remove()
