"""Whose address a request comes from: only our own proxies are believed."""

from typing import Any
from unittest.mock import patch

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rest.addresses import client_of, is_trusted, networks_of, plain
from rest.permissions import ClientThrottle
from tests.rest.test_conventions import FakeCache

PROXY, STRANGER = "10.1.0.7", "203.0.113.9"
OURS = networks_of(["10.1.0.0/24", "::1"])


@pytest.mark.parametrize(
    ("peer", "forwarded", "client"),
    [
        (STRANGER, "", STRANGER),
        (STRANGER, "198.51.100.1", STRANGER),
        (PROXY, STRANGER, STRANGER),
        (PROXY, f"198.51.100.1, {STRANGER}", STRANGER),
        (PROXY, f"{STRANGER}, 10.1.0.8", STRANGER),
        (PROXY, "", PROXY),
        (PROXY, "unknown", PROXY),
        (PROXY, "10.1.0.8,10.1.0.9", "10.1.0.8"),
        ("::1", STRANGER, STRANGER),
        ("", STRANGER, STRANGER),
        ("::ffff:10.1.0.7", STRANGER, STRANGER),
        (PROXY, "2001:DB8::0001", "2001:db8::1"),
    ],
)
def test_the_nearest_address_that_is_not_ours(peer: str, forwarded: str, client: str) -> None:
    assert client_of(plain(peer), forwarded, OURS) == client


def test_without_proxies_nobody_is_believed() -> None:
    assert client_of("127.0.0.1", STRANGER, []) == "127.0.0.1"
    assert client_of("", STRANGER, []) == ""


@given(st.text(), st.ip_addresses())
def test_a_stranger_cannot_choose_an_address(claimed: str, client: Any) -> None:
    """What stands left of the address our proxy wrote changes nothing."""
    if not is_trusted(plain(str(client)), OURS):
        assert client_of(PROXY, f"{claimed}, {client}", OURS) == plain(str(client))


def test_what_a_stranger_says_about_hops_is_taken_away(client: Any, db: None) -> None:
    said = {"X-Forwarded-For": "198.51.100.1", "X-Forwarded-Proto": "https"}
    heard = client.get("/healthz", headers=said, REMOTE_ADDR=STRANGER).wsgi_request
    assert heard.META["REMOTE_ADDR"] == STRANGER
    assert not heard.is_secure()
    assert "X-Forwarded-Proto" not in heard.headers


def test_what_our_proxy_says_is_heard(client: Any, db: None, settings: Any) -> None:
    settings.TRUSTED_PROXIES = ["10.1.0.0/24"]
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    said = {"X-Forwarded-For": f"198.51.100.1, {STRANGER}", "X-Forwarded-Proto": "https"}
    heard = client.get("/healthz", headers=said, REMOTE_ADDR=PROXY).wsgi_request
    assert heard.META["REMOTE_ADDR"] == STRANGER
    assert heard.is_secure()


def test_m52_hops_invented_before_our_proxy_give_no_new_share(
    client: Any, reference: None, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever asks behind our proxy is one client, whatever it says in front of its address."""
    settings.TRUSTED_PROXIES = ["10.1.0.0/24"]
    monkeypatch.setattr(ClientThrottle, "THROTTLE_RATES", {"client": "2/min"})

    def ask(*hops: str) -> int:
        said = {"X-Forwarded-For": ", ".join(hops)}
        return int(client.get("/api/v1/phases/", headers=said, REMOTE_ADDR=PROXY).status_code)

    with patch.object(ClientThrottle, "cache", FakeCache()):
        assert [ask(f"198.51.100.{n}", STRANGER) for n in range(3)] == [200, 200, 429]
        assert ask("203.0.113.10") == 200
