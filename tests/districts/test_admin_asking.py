"""What an address may ask of a list in the admin: by what it shows, never by what it hides."""

import pytest
from django.contrib import admin
from django.test import Client

from districts.admin.base import ServiceAdmin
from districts.models import User

USERS, TOKENS = "/admin/districts/user/", "/admin/districts/apitoken/"
HIDDEN = [  # where, and what would tell a hash or a key sign by sign
    (USERS, "password__startswith"),
    (USERS, "password"),
    (USERS, "past_passwords__contains"),
    (TOKENS, "digest__startswith"),
    ("/admin/districts/hook/", "salt__startswith"),
    ("/admin/improvement/feedback/", "digest__gt"),
    ("/admin/papers/template/", "content__contains"),
]


@pytest.mark.parametrize(("address", "question"), HIDDEN)
def test_m40_no_list_tells_a_hash_sign_by_sign(
    client: Client, he_auditor: User, address: str, question: str
) -> None:
    client.force_login(he_auditor)
    assert client.get(address).status_code == 200
    assert client.get(address, {question: "p"}).status_code == 400


def test_what_a_list_shows_may_be_asked(
    client: Client, wu_manager: User, chen_officer: User
) -> None:
    client.force_login(wu_manager)
    for question in ("role__exact", "username__startswith", "district__id__exact", "id"):
        assert client.get(USERS, {question: "1"}).status_code == 200, question
    page = client.get(USERS, {"role__exact": "officer"}).content.decode()
    assert f'href="{USERS}{chen_officer.pk}/change/' in page
    assert f'href="{USERS}{wu_manager.pk}/change/' not in page


def test_every_list_keeps_to_it() -> None:
    """Each column that is neither shown nor filtered by is closed, whichever list comes later."""
    closed = 0
    for model, page in admin.site._registry.items():
        if not isinstance(page, ServiceAdmin):
            continue
        shown = str([page.list_display, page.list_filter])
        for field in model._meta.fields:
            if field.name not in shown and not field.primary_key:
                assert not page.lookup_allowed(f"{field.name}__startswith", "a"), field
                closed += 1
    assert closed > 50
