"""Each page says its language and leads to the same page in the other one."""

import pytest
from django.test import RequestFactory
from django.utils import translation

from chongqing_eval.views import portal

PAGES = ["/", "/roadmap/", "/districts/500151/", "/accounts/login/"]


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.usefixtures("reference")
def test_every_page_says_its_language(client, path):
    chinese, english = client.get(path), client.get(f"/en{path}")
    assert (chinese["Content-Language"], english["Content-Language"]) == ("zh-hans", "en")
    assert b'<html lang="zh-hans">' in chinese.content
    assert b'<html lang="en">' in english.content
    for response in (chinese, english):
        html = response.content.decode()
        assert f'hreflang="zh-hans" href="http://testserver{path}"' in html
        assert f'hreflang="en" href="http://testserver/en{path}"' in html
    assert f'href="/en{path}" hreflang="en" lang="en">English' in chinese.content.decode()
    assert f'href="{path}" hreflang="zh-hans" lang="zh-hans">中文' in english.content.decode()


@pytest.mark.usefixtures("reference")
def test_chinese_stays_whatever_the_browser_prefers(client):
    response = client.get("/", headers={"Accept-Language": "en"})
    assert response["Content-Language"] == "zh-hans"


@pytest.mark.usefixtures("reference")
def test_the_question_is_kept_when_the_language_changes(client):
    html = client.get("/roadmap/", {"as_of": "2025-03-14", "basis": "current"}).content.decode()
    assert 'href="/en/roadmap/?as_of=2025-03-14&amp;basis=current" hreflang="en"' in html


@pytest.mark.usefixtures("reference")
def test_english_pages_name_units_in_both_scripts(client):
    assert "Tongliang 铜梁区" in client.get("/en/districts/500151/").content.decode()
    assert "Tongliang" not in client.get("/districts/500151/").content.decode()


@pytest.mark.parametrize("path", ["/en//other.example/", "/en////other.example/"])
def test_the_other_language_never_leads_to_another_site(path):
    with translation.override("en"):
        context = portal(RequestFactory().get(path))
    assert context["other_language_url"] == "/other.example/"
