"""Addresses that people give are called outside our networks only, at what was looked at (m51)."""

import socket
import time
from threading import Thread
from typing import Any

import pytest

from rest import calling
from rest.addresses import networks_of
from rest.calling import Uncallable, check_address, is_open, post
from tests.districts.receiving import receiving

INSIDE = (
    "127.0.0.1",
    "127.9.9.9",
    "0.0.0.0",  # noqa: S104
    "10.0.0.1",
    "172.16.5.4",
    "192.168.1.1",
    "100.64.0.1",
    "169.254.169.254",
    "192.0.2.1",
    "198.18.0.1",
    "224.0.0.1",
    "240.0.0.1",
    "255.255.255.255",
    "::",
    "::1",
    "fe80::1",
    "fe80::1%eth0",
    "fc00::1",
    "fd12:3456::1",
    "ff02::1",
    "2001:db8::1",
    "::ffff:127.0.0.1",
    "::ffff:10.0.0.1",
    "64:ff9b::7f00:1",
    "64:ff9b::a00:1",
    "2002:7f00:1::",
    "2002:a00:1::",
)
OUTSIDE = ("8.8.8.8", "1.1.1.1", "2606:4700:4700::1111", "64:ff9b::808:808", "::ffff:8.8.8.8")


@pytest.mark.parametrize("address", INSIDE)
def test_m51_addresses_inside_are_closed(address: str) -> None:
    assert not is_open(address, [])
    assert not is_open(address, networks_of(["10.20.0.0/16"]))


@pytest.mark.parametrize("address", OUTSIDE)
def test_addresses_outside_are_open(address: str) -> None:
    assert is_open(address, [])


def test_the_operator_opens_networks() -> None:
    allowed = networks_of(["10.20.0.0/16", "fd00:1::/64"])
    assert is_open("10.20.3.4", allowed)
    assert is_open("::ffff:10.20.3.4", allowed)
    assert is_open("fd00:1::5", allowed)
    assert not is_open("10.21.0.1", allowed)


@pytest.mark.parametrize(
    "url",
    [
        "http://data.example.cn/",
        "ftp://data.example.cn/",
        "file:///etc/passwd",
        "https://",
        "https:///path",
        "data.example.cn",
        "https://user:word@data.example.cn/",
        "https://data.example.cn@10.0.0.1/",
        "https://data.example.cn/#part",
        "https://data.example.cn:0/",
        "https://data.example.cn:99999/",
        "https://[::1/",
        "https://data.example.cn/a b",
        "https://data.example.cn/\r\nHost: x",
        "https://data.example.cn\\@10.0.0.1/",
        "https://数据.cn/",
        "https://data.example.cn/" + "x" * 500,
    ],
)
def test_addresses_that_are_none_are_refused_with_a_sentence(url: str) -> None:
    with pytest.raises(Uncallable) as refused:
        check_address(url, plain=False)
    assert str(refused.value).endswith("。")


def test_chinese_in_an_address_is_named() -> None:
    for url in ("https://数据.cn/", "https://data.example.cn/改动"):
        with pytest.raises(Uncallable, match="xn--"):
            check_address(url, plain=False)
    assert check_address("https://xn--7nrr92c.cn/%E6%94%B9", plain=False).port is None


def test_plain_http_is_for_trials() -> None:
    assert check_address("http://127.0.0.1:9000/in", plain=True).port == 9000
    assert check_address("https://data.example.cn:8443/in?x=1", plain=False).port == 8443


@pytest.mark.parametrize(
    "host", ["127.0.0.1", "localhost", "2130706433", "0x7f000001", "0177.0.0.1", "127.1", "[::1]"]
)
def test_m51_however_it_is_written_nothing_inside_is_called(host: str) -> None:
    with receiving() as receiver:
        with pytest.raises(Uncallable):
            post(f"http://{host}:{receiver.server_port}/", b"{}", {}, allowed=[])
        assert receiver.got == []


def name_that_moves(monkeypatch: pytest.MonkeyPatch, *answers: list[str]) -> list[str]:
    """Each look-up of the name gives the next answer; what was asked is noted."""
    asked, real, left = [], socket.getaddrinfo, list(answers)

    def found(host: str, port: int, *args: Any, **kwargs: Any) -> Any:
        if host != "moves.example.cn":
            return real(host, port, *args, **kwargs)
        asked.append(host)
        addresses = left.pop(0) if len(left) > 1 else left[0]
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (each, port)) for each in addresses]

    monkeypatch.setattr(socket, "getaddrinfo", found)
    return asked


def test_m51_one_address_inside_among_others_is_enough_to_refuse(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    name_that_moves(monkeypatch, ["8.8.8.8", "169.254.169.254"])
    with pytest.raises(Uncallable, match="169.254.169.254"):
        post("https://moves.example.cn/", b"{}", {}, allowed=[])


def test_m51_a_name_is_looked_up_once_and_what_was_looked_at_is_called(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with receiving() as receiver:
        asked = name_that_moves(monkeypatch, ["127.0.0.1"], ["10.0.0.1"])
        url = f"http://moves.example.cn:{receiver.server_port}/in"
        headers: dict[bytes | str, bytes | str] = {"webhook-id": "1"}
        assert post(url, b"{}", headers, allowed=networks_of(["127.0.0.1/32"])) == 204
        assert asked == ["moves.example.cn"]
        assert receiver.got[0].headers["Host"] == f"moves.example.cn:{receiver.server_port}"
        with pytest.raises(Uncallable, match=r"10\.0\.0\.1"):
            post(url, b"{}", headers, allowed=networks_of(["127.0.0.1/32"]))


def test_m51_nobody_goes_where_an_answer_redirects_to() -> None:
    with receiving() as receiver:
        receiver.answers = [307]
        headers: dict[bytes | str, bytes | str] = {"webhook-id": "1"}
        assert post(receiver.url, b"{}", headers, allowed=networks_of(["127.0.0.1/32"])) == 307
        assert len(receiver.got) == 1


def test_who_answers_drop_by_drop_is_left(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each wait alone would be short enough."""
    monkeypatch.setattr(calling, "PATIENCE", 0.4)
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(5)
        address = f"http://127.0.0.1:{server.getsockname()[1]}/"
        answering = drops(server)
        with pytest.raises(Uncallable, match="没有应答"):
            post(address, b"{}", {}, allowed=networks_of(["127.0.0.1/32"]))
        answering.join(5)


def drops(server: socket.socket) -> Thread:
    def answer() -> None:
        connection, _peer = server.accept()
        with connection:
            connection.recv(4096)
            for sign in b"HTTP/1.1 200 OK\r\nX: " + b"x" * 200:
                try:
                    connection.sendall(bytes([sign]))
                except OSError:
                    return
                time.sleep(0.05)

    thread = Thread(target=answer, daemon=True)
    thread.start()
    return thread
