"""The page of unit prices: asked once, dated, with a source; earlier ones stay on record."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from audit.models import Entry
from districts.models import User
from improvement.models import UnitPrice
from selfchecks.models import SelfCheck
from tests.reader import links, tables, words

PAGE = "/self-checks/500106-2026/prices/"
SignedIn = Callable[[User], Client]
GIVEN = {"valid_from": "2026-01-01", "source": "2026 年采购价"}


def send(client: Client, **given: str) -> Any:
    return client.post(PAGE, {**GIVEN, **given}, follow=True)


def test_several_prices_are_kept_from_one_source(
    self_check: SelfCheck, chen_officer: User, signed_in: SignedIn
) -> None:
    client = signed_in(chen_officer)
    assert "还没有单价" in words(client.get(PAGE))
    answer = send(client, hire="90000", build_rooms="3000.50")
    assert "已保存 2 个单价。" in words(answer)
    rows = UnitPrice.objects.filter(district=self_check.district)
    assert dict(rows.values_list("kind", "price")) == {
        "hire": Decimal(90_000),
        "build_rooms": Decimal("3000.50"),
    }
    assert Entry.objects.filter(action="price.set").count() == 2
    now = {row[0]: row[1:4] for row in tables(answer)[0]}
    assert now["招聘学历教师"] == ["90,000 元/人", "2026年1月1日", "2026 年采购价"]
    assert now["新建、改建教学用房"][0] == "3,000.5 元/㎡"
    assert now["建运动场地"][0] == "–"


def test_a_later_price_counts_and_the_earlier_stays_on_record(
    self_check: SelfCheck, zhao_signatory: User, signed_in: SignedIn
) -> None:
    client = signed_in(zhao_signatory)
    send(client, hire="90000")
    answer = send(client, hire="95000", valid_from="2026-02-01")
    now, history = tables(answer)
    assert next(row[1] for row in now if row[0] == "招聘学历教师") == "95,000 元/人"
    assert [row[2] for row in history[1:]] == ["95,000 元/人", "90,000 元/人"]


def test_a_kind_that_is_no_longer_offered_stays_on_record(
    self_check: SelfCheck, chen_officer: User, signed_in: SignedIn
) -> None:
    client = signed_in(chen_officer)
    send(client, hire="90000")
    both = send(client, hire="95000", hire_ended="on")
    assert "填了新单价，就不能同时不再采用。" in words(both)
    now, history = tables(send(client, hire_ended="on", source="改为交流轮岗"))
    assert next(row[1] for row in now if row[0] == "招聘学历教师") == "–"
    assert [row[2] for row in history[1:]] == ["不再采用", "90,000 元/人"]


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({}, "请至少填写一个单价。"),
        ({"hire": "0"}, "请填大于 0 的数，最多两位小数，例如 3000。"),
        ({"hire": "九万"}, "请填大于 0 的数，最多两位小数，例如 3000。"),
        ({"hire": "90000", "source": ""}, "请写明单价的来源。"),
        ({"hire": "90000", "valid_from": "明年"}, "请填日期，例如 2026-01-01。"),
        ({"hire": "90000", "valid_from": "0001-01-01"}, "请填 2000-01-01 到"),
        ({"hire": "90000", "valid_from": "1999-12-31"}, "请填 2000-01-01 到"),
        ({"hire": "90000", "valid_from": "9999-12-31"}, "请填 2000-01-01 到"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_kept(
    self_check: SelfCheck,
    chen_officer: User,
    signed_in: SignedIn,
    given: dict[str, str],
    sentence: str,
) -> None:
    answer = send(signed_in(chen_officer), **given)
    assert answer.status_code == 422
    assert sentence in words(answer)
    assert not UnitPrice.objects.exists()


def test_the_city_reads_prices_and_sets_none(
    self_check: SelfCheck, chen_officer: User, zhou_inspector: User, signed_in: SignedIn
) -> None:
    send(signed_in(chen_officer), hire="90000")
    client = signed_in(zhou_inspector)
    page = words(client.get(PAGE))
    assert "90,000 元/人" in page
    assert "保存单价" not in page
    answer = send(client, hire="1")
    assert answer.status_code == 403
    assert UnitPrice.objects.count() == 1


def test_the_title_says_that_something_is_wrong_and_plans_are_one_step_away(
    self_check: SelfCheck, chen_officer: User, signed_in: SignedIn
) -> None:
    client = signed_in(chen_officer)
    assert "<title>错误：单价" in send(client, hire="-5").text
    answer = send(client, hire="90000")
    assert "<title>单价" in answer.text
    assert "/self-checks/500106-2026/plans/" in links(answer)
