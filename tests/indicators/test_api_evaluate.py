"""POST evaluate/: any signed-in client, nothing stored, exact refusals, 5,000 schools in time."""

import json
from collections.abc import Callable
from copy import deepcopy
from decimal import Decimal
from typing import Any

import jsonschema
import pytest
from django.apps import apps
from django.test import Client

from districts.models import User
from indicators.calculation.outcome import canonical
from indicators.calculation.rules_2017 import STANDARD_2017_1
from indicators.models import Standard, Threshold
from indicators.services import drafts
from rest.documents import document
from tests.indicators.calculation.builders import evaluate
from tests.indicators.conftest import primary_school

URL = "/api/v1/evaluate/"
Post = Callable[..., Any]


def send(client: Client, body: Any, **headers: str) -> Any:
    text = body if isinstance(body, str) else json.dumps(body)
    return client.post(URL, text, content_type="application/json", headers=headers or None)


def figures(*schools: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"standard": "2017", "schools": list(schools), **more}


@pytest.fixture
def post(bearer: Any, chen_officer: User) -> Post:
    client = bearer(chen_officer)
    return lambda body, **headers: send(client, body, **headers)


def test_the_answer_is_the_calculations_own(post: Post) -> None:
    body = figures(primary_school(1), primary_school(2, pe_arts_teachers_primary=8))
    response = post(body)
    assert response.status_code == 200
    assert response["Content-Type"] == "application/json"
    assert canonical(response.json()) == canonical(evaluate(body, STANDARD_2017_1))
    first, second = response.json()["units"]
    assert first["verdict"] == "met"  # 9 teachers for 1000 pupils are exactly 0.9
    assert second["indicators"]["A3"]["verdict"] == "floor"
    assert second["indicators"]["A3"]["shortfall"] == "1"


def test_numbers_as_r_writes_them_and_a_bom_are_read(post: Post) -> None:
    body = figures(primary_school(1))
    assert body["schools"][0]["pupils_primary"] == 1000
    text = json.dumps(body).replace(": 1000", ": 1e+03")
    assert "1e+03" in text
    assert post("\ufeff" + text).json() == post(body).json()


def test_the_answer_has_the_shape_of_the_document(post: Post) -> None:
    """Every member is described, down to the figures: an unknown one fails, a wrong type too."""
    described = deepcopy(document())
    schemas = described["components"]["schemas"]
    for name, schema in schemas.items():
        if name.startswith("Outcome"):
            schema["additionalProperties"] = False
    root = {"$ref": "#/components/schemas/Outcome", "components": described["components"]}
    gap = primary_school(2, teachers=None, pe_arts_teachers_primary=None)
    for body in (
        figures(primary_school(1), primary_school(2), veto={"V1": "是"}),
        figures(primary_school(1), gap, primary_school(3, pupils_primary=None)),
        figures(),
    ):
        jsonschema.validate(post(body).json(), root)


def test_nothing_is_stored(post: Post) -> None:
    post(figures(primary_school(1)))

    def rows() -> dict[str, int]:
        return {model._meta.label: model.objects.count() for model in apps.get_models()}

    before = rows()
    response = post(figures(primary_school(1)), **{"Idempotency-Key": "again"})
    assert response.status_code == 200
    assert rows() == before


@pytest.mark.parametrize(
    "person", ["liu_officer", "zhao_signatory", "zhou_inspector", "he_auditor"]
)
def test_every_signed_in_role_may_ask(
    request: pytest.FixtureRequest, bearer: Any, person: str
) -> None:
    client = bearer(request.getfixturevalue(person))
    assert send(client, figures(primary_school(1))).status_code == 200


def test_others_may_not(standard: Standard, client: Client, bearer: Any, wu_manager: User) -> None:
    assert send(client, figures(primary_school(1))).status_code == 401
    writer = bearer(wu_manager, "write:plan")
    assert send(writer, figures(primary_school(1))).status_code == 403


@pytest.mark.parametrize(
    ("change", "pointer", "words"),
    [
        ({"pupils_primary": -1}, "/schools/0/pupils_primary", "不能为负"),
        ({"teachers": "六十"}, "/schools/0/teachers", "不是规范的数字"),
        ({"pupils_junior": 3}, "/schools/0/pupils_junior", "没有初中学段"),
        ({"pupils_primary": 0}, "/schools/0/qualified_teachers_primary", "在校生数为 0"),
        ({"school_code": "12"}, "/schools/0/school_code", "不是 10 位数字"),
        ({"books": 3}, "/schools/0/books", "没有「books」这个项目"),
    ],
)
def test_each_wrong_figure_is_pointed_at(
    post: Post, change: dict[str, Any], pointer: str, words: str
) -> None:
    response = post(figures(primary_school(1, **change)))
    assert response.status_code == 422
    assert response["Content-Type"] == "application/problem+json"
    problem = response.json()
    assert problem["code"] == "unusable_figures"
    details = {error["pointer"]: error["detail"] for error in problem["errors"]}
    assert words in details[pointer]


@pytest.mark.parametrize(
    ("written", "sentence"),
    [
        ('"pupils_primary": 1000.5', "小学在校生数为 1000.5，应为整数"),
        ('"pupils_primary": 1E-7', "小学在校生数「1E-7」不是规范的数字"),
        ('"school_name": true', "学校名称应为文本，收到的是 true；应为：加引号的文本"),
        ('"location": ["城区", null]', '城乡类型「["城区", null]」不在可选范围内'),
    ],
)
def test_a_value_is_shown_as_it_was_sent(post: Post, written: str, sentence: str) -> None:
    """The last of two names would be refused: the figure is replaced in the text of the body."""
    name = json.loads("{" + written + "}").popitem()[0]
    school = {key: value for key, value in primary_school(1).items() if key != name}
    text = json.dumps(figures(school)).replace('"schools": [{', '"schools": [{' + written + ", ")
    details = [error["detail"] for error in post(text).json()["errors"]]
    assert any(detail.startswith(sentence) for detail in details), details


def test_other_answers_are_shown_as_they_were_sent(post: Post) -> None:
    body = figures(primary_school(1), qualitative={"B1": True}) | {"standard": 2017}
    details = {error["pointer"]: error["detail"] for error in post(body).json()["errors"]}
    assert details["/qualitative/B1"].startswith("自评结论「true」不认识")
    assert details["/standard"] == "标准版本应为文本，收到的是 2017；应为：加引号的文本。"


def test_not_a_number_and_doubled_schools(post: Post) -> None:
    text = json.dumps(figures(primary_school(1))).replace("1000", "NaN", 1)
    assert post(text).status_code == 400
    doubled = post(figures(primary_school(1), primary_school(1))).json()
    assert doubled["errors"][0]["pointer"] == "/schools/1/school_code"
    assert "重复" in doubled["errors"][0]["detail"]


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ([], ""),
        ({"schools": []}, "/standard"),
        ({"standard": "2099", "schools": []}, "/standard"),
        ({"standard": "2017"}, "/schools"),
        ({"standard": "2017", "schools": {}}, "/schools"),
        ({"standard": "2017", "schools": [], "more": 1}, "/more"),
        ({"standard": "2017", "schools": [], "veto": {"V1": "maybe"}}, "/veto/V1"),
    ],
)
def test_a_body_of_another_shape_is_pointed_at(post: Post, body: Any, pointer: str) -> None:
    response = post(body)
    assert response.status_code == 422
    assert pointer in [error["pointer"] for error in response.json()["errors"]]


def test_sentences_come_in_english_where_asked(post: Post) -> None:
    problem = post(figures(primary_school(1, teachers=-1)), **{"Accept-Language": "en"}).json()
    assert problem["errors"][0]["code"] == "negative"


def test_many_problems_are_cut_and_counted(post: Post) -> None:
    schools = [primary_school(n, teachers=-1, art_rooms=-1) for n in range(400)]
    problem = post(figures(*schools)).json()
    assert len(problem["errors"]) == 500
    assert "800" in problem["detail"]


def test_drafts_answer_to_the_city_only(
    post: Post, bearer: Any, draft: Standard, wu_manager: User
) -> None:
    row = Threshold.objects.get(
        indicator__standard=draft, indicator__code="A1", stage="primary", name=""
    )
    drafts.change(row=row, by=wu_manager, value=Decimal(5))
    body = figures(primary_school(1)) | {"standard": "2027"}
    found = send(bearer(wu_manager), body).json()
    assert found["units"][0]["indicators"]["A1"]["threshold"] == "5"
    assert post(body).status_code == 422


def test_more_than_5000_schools_are_refused(post: Post) -> None:
    row = {"school_code": "1", "school_name": "x", "school_type": "小学"}
    problem = post(figures(*[row] * 5001)).json()
    assert problem["errors"][0]["code"] == "too_many_schools"


def test_5000_schools_are_judged_in_one_request(post: Post) -> None:
    response = post(figures(*(primary_school(n) for n in range(5000))))
    assert response.status_code == 200
    assert len(response.json()["units"]) == 5000


def test_a_sum_that_exceeds_is_said_in_english(post: Post) -> None:
    """Each label is translated by itself, however many there are."""
    school = primary_school(1, school_type="九年一贯制", teachers=60)
    school |= {"teachers_certified": 60, "teachers_trained": 60, "pupils_junior": 500}
    school |= {"backbone_teachers_primary": 40, "backbone_teachers_junior": 30}
    answer = post(figures(school), **{"Accept-Language": "en"})
    (error,) = [e for e in answer.json()["errors"] if e["code"] == "parts_exceed_whole"]
    assert error["pointer"] == "/schools/0/teachers"
    assert error["detail"].endswith(
        "together are 70, more than Full-time teachers (60); expected: Backbone teachers of county "
        "level or above, primary, Backbone teachers of county level or above, junior secondary "
        "together no more than Full-time teachers."
    )
