"""The pages of 回头看: what each side reads and does there."""

from collections.abc import Callable
from datetime import date
from io import BytesIO

import openpyxl
import pytest

from districts.models import District, School, User
from schedule.models import LookBack
from schedule.services.commitments import open_overdue, promises
from schedule.services.look_back_steps import take_step
from tests.schedule.looking_back import WORDS, case, failing, limited, reach, schools, self_check

__all__ = ["case", "failing", "limited", "reach", "schools", "self_check"]
pytestmark = pytest.mark.django_db


def text(answer: object) -> str:
    return answer.content.decode()  # type: ignore[attr-defined]


def test_the_list_the_case_and_a_step(
    case: LookBack, chen_officer: User, signed_in: Callable
) -> None:
    client = signed_in(chen_officer)
    page = text(client.get("/look-backs/"))
    assert "正在办理（1 件）" in page
    assert "区县一级的结论不达标" in page
    address = f"/look-backs/{case.pk}/"
    page = text(client.get(address))
    assert "全区县：B7 不达标（区县一级）" in page
    assert "报送整改措施" in page
    empty = client.post(address, {"step": "plan", "comment": "", "within": "60"})
    assert empty.status_code in (400, 422)
    assert "请填写：整改措施" in text(empty)
    done = client.post(address, {"step": "plan", "comment": WORDS, "within": "60"}, follow=True)
    assert "已办理：报送整改措施。" in text(done)
    assert WORDS in text(done)
    case.refresh_from_db()
    assert case.state == "rectifying"
    assert "等待办理：报送整改结果（审签人）" in text(done)  # the officer cannot
    assert "等待办理" not in page


def test_an_older_window_is_told(case: LookBack, chen_officer: User, signed_in: Callable) -> None:
    form = {"step": "plan", "comment": WORDS, "within": "60", "seen": "0" * 32}
    answer = signed_in(chen_officer).post(f"/look-backs/{case.pk}/", form)
    assert answer.status_code == 412 or answer.status_code == 409
    assert "请看过最新情况再办" in text(answer)


def test_the_inspector_revokes_on_the_page(
    limited: LookBack, zhao_signatory: User, sun_inspector: User, signed_in: Callable
) -> None:
    take_step(look_back=limited, step="report_again", by=zhao_signatory, comment=WORDS)
    form = {
        "step": "revoke",
        "comment": WORDS,
        "day": date.today().isoformat(),
        "document_number": "演示函〔2026〕2号",
        "source": "https://cq.gov.cn/x",
    }
    answer = signed_in(sun_inspector).post(f"/look-backs/{limited.pk}/", form, follow=True)
    assert "起不再计入已通过的单位" in text(answer)
    limited.refresh_from_db()
    assert limited.state == "revoked"


def test_somebody_elses_case_is_not_found(
    case: LookBack, liu_officer: User, signed_in: Callable
) -> None:
    client = signed_in(liu_officer)
    assert client.get(f"/look-backs/{case.pk}/").status_code == 404
    assert "沙坪坝" not in text(client.get("/look-backs/"))
    assert "沙坪坝" not in text(client.get("/look-backs/rounds/?year=2029"))


def test_the_rounds_list_everybody_certified(
    reference: None, zhou_inspector: User, signed_in: Callable
) -> None:
    client = signed_in(zhou_inspector)
    page = text(client.get("/look-backs/rounds/?year=2029"))
    assert all(name in page for name in ("沙坪坝区", "九龙坡区", "南岸区"))
    assert page.count("还没有测") == 4
    assert client.get("/look-backs/rounds/?year=2030").status_code == 200
    assert client.get("/look-backs/rounds/?year=2028").status_code == 422
    assert client.get("/look-backs/rounds/").status_code == 302


def test_the_workbook_has_every_test(
    case: LookBack, zhou_inspector: User, signed_in: Callable
) -> None:
    answer = signed_in(zhou_inspector).get("/look-backs/?format=xlsx")
    sheet = openpyxl.load_workbook(BytesIO(answer.getvalue())).active
    rows = list(sheet.values)
    assert len(rows) == 2
    assert (rows[1][0], rows[1][1], rows[1][7]) == ("沙坪坝区", 2026, 1)


# -- promises --------------------------------------------------------------------------------------


def promise(school: School, case: str, day: str) -> None:
    school.special_cases = {case: {"evidence": "演示批文", "commitment": day}}
    school.save()


def test_a_promise_opens_a_case_the_day_after_and_once(
    schools: list[School], monkeypatch: pytest.MonkeyPatch
) -> None:
    promise(schools[0], "B4.larger_limit", "2028-02-29")
    day = "schedule.services.commitments.today"
    monkeypatch.setattr(day, lambda: date(2028, 2, 29))
    assert open_overdue(by=None) == 0
    monkeypatch.setattr(day, lambda: date(2028, 3, 1))
    assert open_overdue(by=None) == 1
    assert open_overdue(by=None) == 0
    (opened,) = LookBack.objects.all()
    assert (opened.origin, opened.grade, opened.year) == ("commitment", "failing", 2028)
    assert opened.promised_on == date(2028, 2, 29)


def test_a_promise_leads_to_the_case_it_opened(
    schools: list[School], zhou_inspector: User, signed_in: Callable
) -> None:
    promise(schools[0], "B4.larger_limit", "2025-02-28")
    promise(schools[1], "B4.larger_limit", "2099-02-28")
    client = signed_in(zhou_inspector)
    link = f"{schools[0].name}的回头看"
    assert link not in client.get("/look-backs/").content.decode()
    assert open_overdue(by=None) == 1
    page = client.get("/look-backs/").content.decode()
    assert f'<a href="/look-backs/{LookBack.objects.get().pk}/">{link}</a>' in page
    assert f"{schools[1].name}的回头看" not in page


@pytest.mark.parametrize(
    ("certified", "due"),
    [(date(2024, 2, 29), date(2027, 2, 28)), (date(2025, 3, 14), date(2028, 3, 14))],
)
def test_without_a_day_three_years_after_recognition(
    schools: list[School], shapingba: District, certified: date, due: date
) -> None:
    shapingba.events.filter(result="certified").update(date=certified)
    schools[0].special_cases = {"B3.music_rooms": {"evidence": "演示批文", "amount": "1"}}
    schools[0].save()
    (found,) = promises(day=date(2026, 1, 1))
    assert (found.due, found.standing) == (due, "pending")


def test_of_other_cases_nobody_can_say_by_when(schools: list[School]) -> None:
    schools[0].special_cases = {"A5.extra_venues": {"evidence": "演示批文", "amount": "10"}}
    schools[0].save()
    (found,) = promises(day=date(2026, 1, 1))
    assert (found.due, found.standing) == (None, "undated")


def test_what_left_the_register_is_promised_no_more(schools: list[School]) -> None:
    promise(schools[0], "B4.larger_limit", "2026-01-31")
    schools[0].special_cases = {}
    schools[0].save()
    assert open_overdue(by=None) == 0
