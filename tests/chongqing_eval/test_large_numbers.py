"""A number no list can have is refused in words, not with the limit of a machine's integer."""

import re

import pytest
from django.test import Client
from drf_spectacular.generators import SchemaGenerator

from districts.models import User

TOO_LARGE = "9" * 20


def asked() -> list[str]:
    """Each address without a part of its own, with each whole number it may be asked for."""
    paths = SchemaGenerator().get_schema(request=None, public=True)["paths"]  # type: ignore[no-untyped-call]
    return [
        f"{path}?{parameter['name']}={TOO_LARGE}"
        for path, operations in paths.items()
        if "{" not in path
        for parameter in operations.get("get", {}).get("parameters", [])
        if parameter["schema"].get("type") == "integer" and parameter["name"] != "page_size"
    ]


def test_parameters_of_lists(client: Client, wu_manager: User) -> None:
    client.force_login(wu_manager)
    addresses = asked()
    assert len(addresses) > 8
    for address in addresses:
        answer = client.get(address)
        assert (answer.status_code, address) == (400, address)
        assert not re.search(r"\d{5}", answer.json()["detail"]), address


@pytest.mark.parametrize(
    ("language", "sentence"),
    [
        ("zh", "请填四位数的年份，例如 2026。"),
        ("en", "Give a year of four digits, for example 2026."),
    ],
)
@pytest.mark.parametrize("year", [TOO_LARGE, "-1", "x"])
def test_a_year(client: Client, reference: None, language: str, sentence: str, year: str) -> None:
    answer = client.get(f"/api/v1/schedule/?year={year}", headers={"Accept-Language": language})
    assert answer.json()["errors"][0]["detail"] == sentence
