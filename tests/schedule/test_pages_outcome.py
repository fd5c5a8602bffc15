"""The unit's page and the desk: money, consequences and guidance for who answers for the unit."""

import re
from collections.abc import Callable
from datetime import date
from decimal import Decimal

import pytest
from django.test import Client

from districts.models import District, User
from schedule.models import Consequence, Grant, Guidance
from schedule.services import consequences
from tests.schedule.outcomes import DOCUMENT, decide, issue

pytestmark = pytest.mark.django_db


@pytest.fixture
def followed(tongliang: District, wu_manager: User) -> Grant:
    """铜梁区 with money that is nearly due, support, and a visit."""
    facts = {"district": tongliang, "document_number": DOCUMENT, "day": date(2026, 6, 1)}
    consequences.record_consequence(
        by=wu_manager, kind="support", ground="推进效果好，倾斜安排", **facts
    )
    begun = {"begun_on": date(2026, 6, 1), "reason": "规划年份临近", "group": "攻坚类"}
    guided = consequences.begin_guidance(by=wu_manager, district=tongliang, kind="urged", **begun)
    said = {"day": date(2026, 7, 1), "words": "到校查看专用教室"}
    consequences.note_guidance(guidance=guided, by=wu_manager, kind="visit", **said)
    return issue(tongliang, wu_manager)


def text(client: Client, address: str) -> str:
    return client.get(address).content.decode()


def test_only_who_answers_for_the_unit_reads_it(
    followed: Grant,
    client: Client,
    liu_officer: User,
    chen_officer: User,
    zhou_inspector: User,
    signed_in: Callable,
) -> None:
    words = (DOCUMENT, "1,200,000.00", "期限将到", "倾斜支持", "攻坚类", "到校查看专用教室")
    for person in (liu_officer, zhou_inspector):
        page = text(signed_in(person), "/districts/500151/")
        assert all(word in page for word in words), person
    for stranger in (client, signed_in(chen_officer)):
        page = text(stranger, "/districts/500151/")
        assert not any(word in page for word in words)


def test_the_unit_reads_what_was_decided_about_its_money(
    tongliang: District,
    wu_manager: User,
    liu_officer: User,
    chen_officer: User,
    signed_in: Callable,
) -> None:
    grant = issue(tongliang, wu_manager, issued_on=date(2022, 3, 1))
    decide(grant, "recover", wu_manager, amount=Decimal(400_000))
    said = (
        "2026年6月1日 追回",
        "400,000.00 元",
        "演示函〔2026〕3号",
        "校舍工期顺延，经市级研究同意",
    )
    page = text(signed_in(liu_officer), "/districts/500151/").replace("\u2009", "")
    assert [word for word in said if word not in page] == []
    assert "演示函〔2026〕3号" not in text(signed_in(chen_officer), "/districts/500151/")
    page = text(signed_in(wu_manager), f"/admin/schedule/grant/{grant.pk}/change/")
    assert "400,000.00 元" in page
    assert "铜梁区 2022年3月1日 1,200,000.00" in page
    english = text(signed_in(wu_manager), f"/en/admin/schedule/grant/{grant.pk}/change/")
    assert ">Decisions on grants</h2>" in english
    told = signed_in(wu_manager).post(
        "/admin/schedule/grantdecision/add/",
        {"grant": grant.pk, "kind": "recover", "day": "2026-06-02", "amount": "900000",
         "reason": "再追回", "document_number": DOCUMENT},
    )  # fmt: skip
    assert "不超过还没有追回的 800,000.00 元" in told.content.decode()


def test_the_desk_names_money_that_is_nearly_due(
    followed: Grant, zhou_inspector: User, signed_in: Callable
) -> None:
    page = text(signed_in(zhou_inspector), "/admin/")
    assert "奖补资金：期限将到或到期未完成（1 笔）" in page


def decided_elsewhere(grant: Grant, manager: User, signed_in: Callable) -> None:
    """Two windows: who decides in the older one is told, and sends it again knowing that."""
    client, add = signed_in(manager), "/admin/schedule/grantdecision/add/"
    (seen,) = re.findall(r'name="seen" value="(\d+)"', client.get(add).content.decode())
    said = {"grant": grant.pk, "kind": "extend", "day": "2026-06-01", "due_on": "2027-12-31",
            "reason": "校舍工期顺延", "document_number": DOCUMENT, "seen": seen}  # fmt: skip
    assert client.post(add, said).status_code == 302
    told = client.post(add, {**said, "due_on": "2028-06-30"})
    assert "又有了决定" in told.content.decode()
    (newer,) = re.findall(r'name="seen" value="(\d+)"', told.content.decode())
    assert int(newer) > int(seen)
    assert client.post(add, {**said, "due_on": "2028-06-30", "seen": newer}).status_code == 302
    assert grant.decisions.count() == 2


def test_the_manager_records_in_the_admin(
    tongliang: District, wu_manager: User, zhou_inspector: User, signed_in: Callable
) -> None:
    form = {
        "district": tongliang.pk,
        "amount": "500000.00",
        "issued_on": "2024-02-29",
        "purpose": "创建奖补(演示)",
        "document_number": DOCUMENT,
    }
    add = "/admin/schedule/grant/add/"
    assert signed_in(zhou_inspector).post(add, form).status_code == 403
    assert signed_in(wu_manager).post(add, form).status_code == 302
    grant = Grant.objects.get()
    assert grant.amount == Decimal(500_000)
    assert "2027年2月28日" in text(signed_in(wu_manager), "/admin/schedule/grant/")
    assert signed_in(wu_manager).get(f"/admin/schedule/grant/{grant.pk}/change/").status_code == 200
    refused = signed_in(wu_manager).post(
        "/admin/schedule/grantdecision/add/",
        {"grant": grant.pk, "kind": "extend", "day": "2026-06-01", "due_on": "2027-01-01",
         "reason": "校舍工期顺延"},
    )  # fmt: skip
    assert "新的期限应晚于现在的期限" in refused.content.decode()
    decided_elsewhere(grant, wu_manager, signed_in)
    follow = {"district": tongliang.pk, "kind": "priority", "day": "2026-06-01", "ground": "按时",
              "document_number": DOCUMENT}  # fmt: skip
    refused = signed_in(wu_manager).post("/admin/schedule/consequence/add/", follow)
    assert refused.status_code == 200
    assert not Consequence.objects.exists()
    for page in ("lookback", "grantdecision", "consequence", "guidance", "guidanceentry"):
        assert signed_in(zhou_inspector).get(f"/admin/schedule/{page}/").status_code == 200


def test_the_rows_own_page_tells_what_followed_and_takes_the_next(
    followed: Grant, wu_manager: User, zhou_inspector: User, signed_in: Callable
) -> None:
    page = f"/admin/schedule/grant/{followed.pk}/change/"
    add = f"/admin/schedule/grantdecision/add/?grant={followed.pk}"
    assert "奖补资金的决定" not in text(signed_in(zhou_inspector), page)
    manager = signed_in(wu_manager)
    assert f'href="{page}"' in text(manager, "/admin/")
    assert f'href="{add}">录入奖补资金的决定' in text(manager, page)
    assert f'<option value="{followed.pk}" selected>' in text(manager, add)
    decide(followed, "extend", wu_manager, due_on=date(2027, 6, 30))
    assert "校舍工期顺延，经市级研究同意" in text(manager, page)
    assert "期限 2027年6月30日" in text(manager, page).replace("\u2009", "")
    guided = Guidance.objects.get()
    visited = text(signed_in(zhou_inspector), f"/admin/schedule/guidance/{guided.pk}/change/")
    assert "到校查看专用教室" in visited
    assert f"guidanceentry/add/?guidance={guided.pk}" in visited
