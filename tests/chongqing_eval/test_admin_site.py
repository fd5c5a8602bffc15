"""The administration's site: what few pages show is put together for them alone."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from chongqing_eval.admin_site import PortalAdminSite
from districts.models import User


@pytest.mark.parametrize(
    ("page", "count"),
    [
        ("admin:index", 0),
        ("admin:selfchecks_selfcheck_work", 0),
        ("admin:selfchecks_selfcheck_changelist", 0),
        ("admin:data", 1),
    ],
)
def test_the_list_of_everything_is_put_together_where_it_stands(
    zhou_inspector: User, signed_in: Any, monkeypatch: pytest.MonkeyPatch, page: str, count: int
) -> None:
    made, as_it_is = [], PortalAdminSite._app_list

    def counted(*asked: Any) -> Any:
        made.append(asked)
        return as_it_is(*asked)

    monkeypatch.setattr(PortalAdminSite, "_app_list", counted)
    assert signed_in(zhou_inspector).get(reverse(page)).status_code == 200
    assert len(made) == count


def test_every_list_is_one_step_from_today(zhou_inspector: User, signed_in: Any) -> None:
    client: Client = signed_in(zhou_inspector)
    assert f'href="{reverse("admin:data")}"' in client.get(reverse("admin:index")).text
    lists = client.get(reverse("admin:data")).text
    assert reverse("admin:districts_school_changelist") in lists
    assert client.get(reverse("admin:app_list", args=["districts"])).status_code == 200
    assert client.get(reverse("admin:app_list", args=["auth"])).status_code == 404
