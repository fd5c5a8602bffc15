"""Signing in: one sentence for a wrong name or password, on top and at the input."""

import pytest

from tests.conftest import PASSWORD
from tests.reader import ids, links, words

WRONG = "账号或密码不对。请检查后再试。"


@pytest.mark.parametrize("name", ["officer_500106", "nobody"])
def test_wrong_name_or_password_are_told_alike(client, chen_officer, name):
    response = client.post("/accounts/login/", {"username": name, "password": "x"})
    assert response.status_code == 200
    text = words(response)
    assert "有问题需要处理" in text
    assert text.count(WRONG) == 2
    assert "#id_username" in links(response)
    assert "id_username" in ids(response)


def test_empty_inputs_are_told_at_each(client, db):
    text = words(client.post("/accounts/login/", {"username": "", "password": ""}))
    assert text.count("请填写账号。") == text.count("请填写密码。") == 2


def test_only_one_thing_takes_the_focus(client, db):
    assert client.get("/accounts/login/").content.count(b"autofocus") == 1
    response = client.post("/accounts/login/", {"username": "", "password": ""})
    assert response.content.count(b"autofocus") == 1
    assert b'class="error-summary" role="alert" tabindex="-1" autofocus' in response.content


def test_what_was_typed_comes_back_escaped_and_without_the_password(client, db):
    response = client.post("/accounts/login/", {"username": '"><b>x', "password": "secret-7"})
    assert b"&quot;&gt;&lt;b&gt;x" in response.content
    assert b"secret-7" not in response.content


def test_signed_in_people_see_their_name_and_the_way_out(client, chen_officer):
    response = client.post(
        "/accounts/login/", {"username": "officer_500106", "password": PASSWORD}, follow=True
    )
    text = words(response)
    assert response.redirect_chain[-1] == ("/self-checks/", 302)
    assert "陈静" in text
    assert "退出" in text
    assert "工作台" not in text
    client.post("/accounts/logout/")
    assert "登录" in words(client.get("/accounts/login/"))


def test_municipal_people_find_their_workplace(client, signed_in, zhou_inspector):
    account = {"username": zhou_inspector.username, "password": PASSWORD}
    assert client.post("/accounts/login/", account).url == "/admin/"
    assert "/admin/" in links(signed_in(zhou_inspector).get("/"))


def test_changing_the_password_tells_errors_on_top(signed_in, chen_officer):
    client = signed_in(chen_officer)
    response = client.post(
        "/accounts/password/",
        {"old_password": "wrong", "new_password1": "Another-word-8", "new_password2": "other"},
    )
    assert "有问题需要处理" in words(response)
    assert {"#id_old_password", "#id_new_password2"} <= set(links(response))


@pytest.mark.parametrize(
    "wanted",
    [
        "https://evil.example/",
        "//evil.example/",
        "/\\evil.example/",
        "///evil.example",
        "http:evil.example",
        "javascript:alert(1)",
        "https://testserver@evil.example/",
        "\thttps://evil.example/",
    ],
)
def test_m49_signing_in_leads_to_no_other_site(client, chen_officer, wanted):
    account = {"username": chen_officer.username, "password": PASSWORD, "next": wanted}
    assert client.post("/accounts/login/", account).url == "/self-checks/now/"


def test_m48_passwords_and_tokens_are_in_no_log(client, chen_officer, caplog, bearer):
    caplog.set_level("DEBUG")
    client.post("/accounts/login/", {"username": "wrongly-typed-secret", "password": "secret-9"})
    client.post("/accounts/login/", {"username": chen_officer.username, "password": PASSWORD})
    caller = bearer(chen_officer)
    for path in ("/api/v1/self-checks/", "/api/v1/nothing/", "/api/v1/self-checks/?bad=1"):
        caller.get(path)
    token = caller.defaults["HTTP_AUTHORIZATION"].removeprefix("Bearer ")
    logged = "".join(
        record.getMessage() for record in caplog.records if record.name != "django.db.backends"
    )
    assert logged
    for secret in ("wrongly-typed-secret", "secret-9", PASSWORD, token):
        assert secret not in logged
