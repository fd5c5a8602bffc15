"""A parameter or a member with a value nobody knows is refused, and told what there is."""

import json
from typing import Any

import pytest
from django.test import Client

from districts.models import User

API = "/api/v1/"


@pytest.mark.parametrize(
    ("asked", "parameter", "known"),
    [
        ("indicators/?group=Z", "group", "A, B, C, D"),
        ("districts/?status=lost", "status", "certified"),
        ("districts/?region=x", "region", "主城都市区"),
        ("districts/?phase=x", "phase", "整体推进阶段"),
        ("schedule/?region=x", "region", "主城都市区"),
        ("schedule/?phase=x", "phase", "整体推进阶段"),
        ("schedule/?district=999999", "district", "没有代码为「999999」的区县"),
        ("certifications/?district=%00", "district", "「district」读不懂：含有空字符"),
        ("certifications/?result=x", "result", "certified"),
        ("practices/?district=999999", "district", "没有代码为「999999」的区县"),
        ("practices/?indicator=Z9", "indicator", "A1, A2"),
    ],
)
def test_values_nobody_knows_are_400(
    client: Client, reference: None, asked: str, parameter: str, known: str
) -> None:
    response = client.get(f"{API}{asked}")
    assert response.status_code == 400
    details = [each for each in response.json()["errors"] if each["parameter"] == parameter]
    assert any(known in each["detail"] for each in details), response.content.decode()


def test_so_are_those_of_private_lists(bearer: Any, chen_officer: User) -> None:
    client = bearer(chen_officer)
    for asked, known in (
        ("schools/?district=999999", "没有代码为「999999」的区县"),
        ("schools/?location=市区", "没有「市区」这个值；可用的有 城区, 镇区, 乡村。"),
        ("self-checks/?district=999999", "没有代码为「999999」的区县"),
        ("problems/?indicator=Z9", "A1, A2"),
        ("self-checks/?state=x", "draft, awaiting_signature"),
    ):
        response = client.get(f"{API}{asked}")
        assert response.status_code == 400, asked
        assert known in response.json()["errors"][0]["detail"]
    assert client.get(f"{API}schools/?district=500151").json()["results"] == []


def test_members_of_a_body_list_their_choices(bearer: Any, chen_officer: User) -> None:
    client = bearer(chen_officer, "write:schools")
    body = {"code": "5001060001", "name": "某校", "school_type": "大学", "ownership": "公办"}
    text = json.dumps({**body, "location": "城区"})
    response = client.post(f"{API}schools/", text, content_type="application/json")
    (error,) = response.json()["errors"]
    assert error["pointer"] == "/school_type"
    assert error["detail"].startswith("没有「大学」这个值；可用的有 小学, 初中,")
