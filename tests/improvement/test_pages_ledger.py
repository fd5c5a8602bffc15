"""The ledger's pages: who sees what, what is asked for, one problem, many, the workbook."""

import re
from datetime import UTC, date, datetime
from io import BytesIO
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from openpyxl import load_workbook

from districts.models import District, School, User
from improvement.models import Problem, ProblemEntry
from improvement.services.ledger import found
from improvement.services.ledger_acts import arrange, take_step

LATER = date(2099, 12, 31)


@pytest.fixture
def problems(
    shapingba: District, tongliang: District, schools: list[School], zhou_inspector: User
) -> list[Problem]:
    """Two of 沙坪坝区, one of them of a school and late, and one of 铜梁区."""
    shared: dict[str, Any] = {"by": zhou_inspector, "source": "visit"}
    return [
        found(
            district=shapingba,
            key="1",
            words="操场在施工",
            indicator="A5",
            school_code=schools[0].code,
            found="0.742574",
            required="7.5",
            unit="㎡",
            due_on=date(2020, 1, 1),
            **shared,
        ),
        found(district=shapingba, key="2", words="缺录像", indicator="B10", **shared),
        found(district=tongliang, key="3", words="缺名单", indicator="B10", **shared),
    ]


@pytest.fixture
def chen(chen_officer: User, signed_in: Any) -> Client:
    client: Client = signed_in(chen_officer)
    return client


@pytest.fixture
def zhou(zhou_inspector: User, signed_in: Any) -> Client:
    client: Client = signed_in(zhou_inspector)
    return client


def page(client: Client, path: str, **data: Any) -> str:
    answer = client.get(path, data)
    assert answer.status_code == 200, answer.status_code
    return str(answer.content.decode())


def test_a_bureau_sees_its_own(chen: Client, problems: list[Problem]) -> None:
    raised = datetime(2025, 11, 23, 4, tzinfo=UTC)
    Problem.objects.filter(pk=problems[1].pk).update(raised_at=raised)
    text = page(chen, "/ledger/")
    assert "2025年11月23日" in text  # the same is said of two years: which is which
    assert "操场在施工" in text
    assert "缺录像" in text
    assert "缺名单" not in text
    assert "0.743 ㎡" in text
    assert "逾期" in text
    assert chen.get(f"/ledger/{problems[2].pk}/").status_code == 404


def test_the_city_sees_all_and_picks_a_district(zhou: Client, problems: list[Problem]) -> None:
    assert "缺名单" in page(zhou, "/ledger/")
    text = page(zhou, "/ledger/", district="500151")
    assert "缺名单" in text
    assert "缺录像" not in text


@pytest.mark.parametrize(
    ("asked", "seen"),
    [
        ({"indicator": "B10"}, {"缺录像"}),
        ({"school": "第1学校"}, {"操场在施工"}),
        ({"late": "true"}, {"操场在施工"}),
        ({"undated": "true"}, {"缺录像"}),
        ({"state": "working"}, set()),
        ({"source": "visit", "sort": "-school"}, {"操场在施工", "缺录像"}),
    ],
)
def test_what_is_asked_for_is_shown(
    asked: dict[str, str], seen: set[str], chen: Client, problems: list[Problem]
) -> None:
    text = page(chen, "/ledger/", **asked)
    assert {words for words in ("操场在施工", "缺录像") if words in text} == seen


def test_what_cannot_be_asked_for_is_said(chen: Client, problems: list[Problem]) -> None:
    answer = chen.get("/ledger/", {"state": "gone"})
    assert answer.status_code == 422
    assert "没有「gone」这个值" in answer.content.decode()


def test_a_problem_is_arranged_and_taken_on(chen: Client, problems: list[Problem]) -> None:
    path = f"/ledger/{problems[1].pk}/"
    assert "先写明责任人和整改期限" in page(chen, path)
    answer = chen.post(path, {"owner": "王主任", "due_on": "2099-12-31", "measures": "补拍"})
    assert answer.status_code == 302
    assert chen.post(path, {"step": "take_on"}).status_code == 302
    text = page(chen, path)
    assert "整改中" in text
    assert "空 → 王主任" in text
    assert "空 → 2099年12月31日" in text.replace("\u2009", "")
    again = {"owner": "王主任", "due_on": "2099-12-31", "measures": "补拍"}
    assert "没有改动，也就没有保存" in chen.post(path, again, follow=True).content.decode()
    assert Problem.objects.get(pk=problems[1].pk).due_on == LATER


def test_a_refusal_is_said_on_the_page(chen: Client, problems: list[Problem]) -> None:
    path = f"/ledger/{problems[1].pk}/"
    answer = chen.post(path, {"step": "take_on"})
    assert answer.status_code == 409
    assert "先写明责任人和整改期限，才能开始整改。" in answer.content.decode()
    answer = chen.post(path, {"due_on": "2020-01-01"})
    assert answer.status_code == 422
    assert "整改期限已经过去" in answer.content.decode()


def test_what_somebody_changed_is_looked_at_again(
    chen: Client, problems: list[Problem], chen_officer: User
) -> None:
    path = f"/ledger/{problems[1].pk}/"
    seen = chen.get(path).context["tag"]
    arrange(problem=problems[1], by=chen_officer, owner="李主任")
    answer = chen.post(path, {"owner": "王主任", "seen": seen})
    assert answer.status_code == 412


def test_a_step_that_nothing_takes_is_refused_in_words(
    problems: list[Problem], signed_in: Any, chen_officer: User, zhou_inspector: User
) -> None:
    """A forged step of the system, one of somebody else, one that the states do not allow."""
    for person, step, sentence in (
        (zhou_inspector, "meets", "没有「meets」这一步"),
        (chen_officer, "void", "没有您现在可以「作废」的"),
        (zhou_inspector, "close", "没有您现在可以「销号」的"),
    ):
        client = signed_in(person)
        about = {"step": step, "scope": "all", "comment": "误登"}
        answer = client.post("/ledger/many/", about, follow=True)
        assert sentence in answer.content.decode(), step
        assert "办理了" not in answer.content.decode()
    assert not ProblemEntry.objects.exclude(step="find").exists()


def test_many_are_previewed_then_done(
    zhou: Client, problems: list[Problem], chen_officer: User
) -> None:
    ready = arrange(problem=problems[1], by=chen_officer, owner="王主任", due_on=LATER)
    take_step(problem=ready, step="take_on", by=chen_officer)
    take_step(problem=ready, step="claim", by=chen_officer, comment="录像已补")
    text = page(zhou, f"/ledger/{ready.pk}/")
    assert text.index("办理</h2>") < text.index("录像已补") < text.index("整改安排</h2>")
    text = page(zhou, f"/ledger/{problems[0].pk}/")
    assert text.index("整改安排</h2>") < text.index("办理</h2>")
    asked = {"step": "close", "scope": "all", "district": "500106"}
    answer = zhou.get("/ledger/many/", asked)
    text = answer.content.decode()
    assert "2 个问题，「销号」能办理 1 个" in text
    assert "待整改 1" in text
    assert [row.pk for row in answer.context["rows"]] == [ready.pk]
    seen = answer.context["foreseen"].tag
    assert zhou.post("/ledger/many/", {**asked, "seen": seen}).status_code == 302
    assert Problem.objects.get(pk=ready.pk).state == "closed"


def test_nothing_is_done_to_all_by_mistake(zhou: Client, problems: list[Problem]) -> None:
    answer = zhou.get("/ledger/many/", {"step": "void", "scope": "chosen"})
    assert answer.status_code == 302
    answer = zhou.post("/ledger/many/", {"step": "void", "problem": problems[0].pk})
    assert answer.status_code == 422
    assert "「作废」要写明原因或情况。" in answer.content.decode()
    assert not Problem.objects.filter(state="void").exists()


def test_a_refused_step_keeps_what_was_typed(zhou: Client, problems: list[Problem]) -> None:
    address = f"/ledger/{problems[0].pk}/"
    answer = zhou.post(address, {"step": "void", "comment": "误"})
    text = answer.content.decode()
    assert answer.status_code == 422
    assert ">\n误</textarea>" in text  # in the form of that step, its fault beside it
    assert 'href="#comment-void"' in text
    assert zhou.post(address, {"step": "nothing"}).status_code == 404
    assert Problem.objects.get(pk=problems[0].pk).state == "open"


def workbook(client: Client) -> Any:
    return load_workbook(BytesIO(client.get("/ledger/", {"format": "xlsx"}).content))


def sent(client: Client, book: Any) -> Any:
    buffer = BytesIO()
    book.save(buffer)
    file = SimpleUploadedFile("台账.xlsx", buffer.getvalue())
    return client.post("/ledger/upload/", {"file": file})


def test_the_workbook_goes_out_and_comes_back(chen: Client, problems: list[Problem]) -> None:
    book = workbook(chen)
    sheet = book.active
    heads = [cell.value for cell in sheet[1]]
    assert [row[0].value for row in sheet.iter_rows(min_row=2)] == [
        problems[0].pk,
        problems[1].pk,
    ]
    place = {name: heads.index(name) + 1 for name in ("责任人", "整改期限", "整改措施")}
    sheet.cell(3, place["责任人"]).value = "王主任"
    sheet.cell(3, place["整改期限"]).value = LATER
    answer = sent(chen, book)
    text = answer.content.decode()
    assert answer.status_code == 200, text
    assert "将改动 1 个问题，还没有保存" in text
    assert Problem.objects.get(pk=problems[1].pk).owner == ""
    answer = chen.post("/ledger/upload/", {"held": answer.context["held"]})
    assert answer.status_code == 302
    row = Problem.objects.get(pk=problems[1].pk)
    assert (row.owner, row.due_on) == ("王主任", LATER)


def test_a_workbook_of_others_is_refused_whole(
    chen: Client, zhou: Client, problems: list[Problem]
) -> None:
    book = workbook(zhou)
    sheet = book.active
    heads = [cell.value for cell in sheet[1]]
    for row in range(2, 5):
        sheet.cell(row, heads.index("责任人") + 1).value = "王主任"
    answer = sent(chen, book)
    assert answer.status_code == 422
    assert "台账里没有这个编号" in answer.content.decode()
    assert not Problem.objects.filter(owner="王主任").exists()


def test_a_preview_is_its_readers_own(chen: Client, zhou: Client, problems: list[Problem]) -> None:
    book = workbook(chen)
    sheet = book.active
    heads = [cell.value for cell in sheet[1]]
    sheet.cell(2, heads.index("责任人") + 1).value = "王主任"
    held = sent(chen, book).context["held"]
    zhou.post("/ledger/upload/", {"held": held})
    assert not Problem.objects.filter(owner="王主任").exists()


@pytest.mark.parametrize(
    "path",
    [
        "/ledger/",
        "/ledger/?district=500106&indicator=B10&late=false&sort=-school",
        "/ledger/many/?scope=all&step=void",
    ],
)
def test_pages_ask_as_little_with_many_problems(
    path: str, zhou: Client, problems: list[Problem], django_assert_max_num_queries: Any
) -> None:
    like = {**vars(problems[1]), "id": None}
    like.pop("_state")
    Problem.objects.bulk_create(Problem(**{**like, "key": f"copy-{n}"}) for n in range(120))
    with django_assert_max_num_queries(15):  # two of them: which indicators there are
        assert zhou.get(path).status_code == 200


def test_only_what_is_open_on_some_row_is_offered(zhou: Client, problems: list[Problem]) -> None:
    def offered(**asked: str) -> set[str]:
        choices = page(zhou, "/ledger/", **asked).partition('<select id="step"')[2]
        return set(re.findall(r'<option value="(\w+)">', choices.partition("</select>")[0]))

    assert offered() == {"amend", "void"}
    assert offered(late="true") == {"amend", "void"}
    Problem.objects.filter(pk=problems[1].pk).update(state="closed")
    assert offered() == {"amend", "void", "take_back", "reopen"}
    assert offered(state="closed") == {"take_back", "reopen"}
    assert offered(state="closed", district="500151") == set()


def test_a_filter_is_kept_under_a_name_without_the_number_of_its_page(
    zhou: Client, problems: list[Problem]
) -> None:
    asked = {"page": "ledger", "query": "district=500106", "name": "沙坪坝区的"}
    assert "存下这个视图" in zhou.get("/ledger/?district=500106&page=1").content.decode()
    zhou.post("/accounts/views/", asked)
    shown = zhou.get("/ledger/?district=500106&page=1").content.decode()
    assert '<a class="pill" href="/ledger/?district=500106" aria-current="true">' in shown
    assert "存下这个视图" not in shown
