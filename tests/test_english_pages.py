"""Opens the pages under /en/ and looks for Chinese: only proper names may stay."""

import re

import pytest
from django.test import Client

from districts.models import User
from indicators.models import Threshold
from schedule.models import CertificationEvent
from tests.english import api_words, chinese_left, stored_texts
from tests.routes import routes

PUBLIC = [
    "/en/",
    "/en/?as_of=2025-03-14&basis=current",
    "/en/?as_of=2030-01-01",
    "/en/?q=tongliang",
    "/en/stairs.svg",
    "/en/roadmap/?basis=current",
    "/en/roadmap/",
    "/en/atlas/",
    "/en/atlas/?show=all&compare=1&group=region&sort=-name",
    "/en/atlas/?show=nothing",
    "/en/atlas/table/",
    "/en/atlas/table/?unit=500106&unit=500151&indicator=B&indicator=A1.primary&rows=indicator",
    "/en/atlas/alike/500106/",
    "/en/atlas/indicators/A1/",
    "/en/atlas/indicators/B4/",
    "/en/about/contact/",
    "/en/about/licence/",
    "/en/districts/",
    "/en/districts/?sort=-year&basis=current",
    "/en/districts/?sort=size",
    "/en/districts/500107/",
    "/en/districts/500112/",
    "/en/districts/500151/",
    "/en/indicators/",
    *(f"/en/indicators/{code}/" for code in ("A1", "A6", "B4", "B13", "C9", "D1")),
    "/en/practices/",
    "/en/feedback/",
    "/en/feedback/answer/",
    "/en/accounts/login/",
    "/en/nothing/",
]
ADMIN = sorted(
    route.path.replace("/en/", "/", 1)
    for route in routes()
    if "/admin/" in route.path and not route.parameters and "jsi18n" not in route.path
)


@pytest.mark.parametrize("path", PUBLIC)
def test_public_pages_are_english(client: Client, reference: None, path: str) -> None:
    response = client.get(path)
    assert response["Content-Language"] == "en"
    assert chinese_left(response.content.decode()) == []


def test_the_guide_of_the_api_is_english(client: Client, reference: None) -> None:
    for page in ("/en/api/v1/docs/", "/en/api/v1/docs/shapes/"):
        assert chinese_left(client.get(page).content.decode(), api_words()) == []


@pytest.mark.parametrize("path", ADMIN)
def test_admin_pages_are_english(
    client: Client, reference: None, wu_manager: User, path: str
) -> None:
    client.force_login(wu_manager)
    response = client.get("/en" + path)
    if response.get("Content-Type", "").startswith("text/html"):
        assert chinese_left(response.content.decode(), stored_texts()) == []


def test_the_citys_first_page_names_units_and_regions_in_english(
    client: Client, reference: None, wu_manager: User
) -> None:
    client.force_login(wu_manager)
    page = client.get("/en/admin/").content.decode()
    assert "Beibei 北碚区" in page
    assert "Metropolitan area" in page
    assert not {">北碚区<", ">主城都市区<"} & set(re.findall(r">[^<>]+<", page))


def test_lists_and_titles_of_the_administration_name_units_steps_and_indicators_in_english(
    client: Client, reference: None, wu_manager: User
) -> None:
    client.force_login(wu_manager)
    event = CertificationEvent.objects.get(district__code="500106")
    limit = Threshold.objects.filter(indicator__code="A1").first()
    for page, said in {
        f"schedule/certificationevent/{event.pk}/change/": "<h1>Shapingba 沙坪坝区",
        f"schedule/certificationevent/{event.pk}/history/": "<h1>Shapingba 沙坪坝区",
        f"indicators/threshold/{limit.pk}/change/": f"<h1>A1 {limit.english_label}</h1>",
        f"indicators/threshold/{limit.pk}/history/": f"<h1>A1 {limit.english_label}: history</h1>",
        "schedule/certificationevent/": "Announcement of results",
        "schedule/certificationstep/": "Announcement of results",
        "schedule/certificationlist/": "List of 2024",
        "schedule/phase/": "Pilot phase",
        "indicators/indicator/": "Teachers above the required degree",
    }.items():
        text = client.get(f"/en/admin/{page}").text
        assert said in text, page
        assert not {">公布认定结果<", ">2024年<", ">试点推进阶段<"} & set(
            re.findall(r">[^<>]+<", text)
        )


def test_events_and_lists_over_rest_say_their_names_in_english_beside(
    client: Client, reference: None
) -> None:
    row = client.get("/api/v1/certifications/1/").json()
    told = [row[f"english_{name}"] for name in ("district_name", "step", "list")]
    assert told == ["Shapingba", "Announcement of results", "List of 2024"]
    names = {row["english_name"] for row in client.get("/api/v1/lists/").json()["results"]}
    assert "List of 2024" in names
