"""English sets the names of models into sentences: Add school, never Add School."""

import re

import pytest
from django.apps import apps
from django.test import Client
from django.utils.translation import override

from districts.models import School, User
from districts.wording import inside


def test_they_begin_with_a_small_letter_but_for_abbreviations() -> None:
    with override("en"):
        names = {str(model._meta.verbose_name) for model in apps.get_models()}
        names |= {str(model._meta.verbose_name_plural) for model in apps.get_models()}
    assert {"school", "municipal grants", "API token"} <= names
    assert not [name for name in names if re.match("[A-Z][a-z]", name)]


def test_they_stay_as_they_are_in_chinese() -> None:
    assert School._meta.verbose_name == "学校"


@pytest.mark.parametrize(
    ("name", "found"),
    [("School", "school"), ("API token", "API token"), ("学校", "学校"), ("", "")],
)
def test_inside(name: str, found: str) -> None:
    assert inside(name) == found


def test_a_page_says_them_inside_and_begins_its_heading_with_a_capital(
    client: Client, wu_manager: User
) -> None:
    client.force_login(wu_manager)
    listed = client.get("/en/admin/districts/school/").content.decode()
    assert "<h1>Schools</h1>" in listed
    assert "Add school" in listed
    assert "Add School" not in listed
