"""Calls addresses that other people gave us: outside our own networks only, and never for long."""

import socket
import ssl
import time
from collections.abc import Mapping
from functools import cache
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from typing import Any
from urllib.parse import SplitResult, urlsplit

import httpcore
from django.utils.translation import gettext_noop as N_

from .addresses import Networks, is_trusted
from .keeping import worded

LONGEST = 500  # characters of an address
PATIENCE = 10  # seconds for all of it: name, connection, request, and the head of the answer
TIME_OUTS = dict.fromkeys(("connect", "read", "write", "pool"), PATIENCE)
# These carry an IPv4 address inside, which is the one that is reached in the end.
_TRANSLATED = ip_network("64:ff9b::/96")
INSIDE = N_("地址 %(address)s 在内部网络里，不能调用；是内网系统的，请运维人员列入 HOOK_NETWORKS。")
INSIDE_BY_NAME = N_(
    "主机 %(host)s 的地址 %(address)s 在内部网络里，不能调用；"
    "是内网系统的，请运维人员列入 HOOK_NETWORKS。"
)


class Uncallable(Exception):
    """The address may not be called, or did not answer; says why in a sentence."""

    def __init__(self, sentence: str, values: Any = None) -> None:
        self.sentence, self.values = sentence, values
        super().__init__(worded(sentence, values))


def check_address(url: str, *, plain: bool) -> SplitResult:
    """What can be said without asking anybody. ``plain``: http will do, as in a trial.

    Raises Uncallable with a sentence.
    """
    if not url.isascii():
        raise Uncallable(N_("地址里有中文等字符；域名请写成 xn-- 开头的形式，路径用百分号编码。"))
    try:
        parts = urlsplit(url)
        is_readable = bool(parts.hostname) and (parts.port is None or parts.port > 0)
    except ValueError:
        is_readable = False
    if not is_readable or len(url) > LONGEST or not url.isprintable():
        raise Uncallable(N_("地址读不懂；请写成 https://主机/路径，不超过 %s 个字符。"), LONGEST)
    if parts.scheme != "https" and not (plain and parts.scheme == "http"):
        raise Uncallable(N_("地址应以 https:// 开头。"))
    if "@" in parts.netloc or parts.fragment or " " in url or "\\" in url:
        raise Uncallable(N_("地址里不能有账号、密码、空格、\\ 和 #；请只写主机和路径。"))
    return parts


def is_open(address: str, allowed: Networks) -> bool:
    """Whether it is a public address, or in one of the networks that the operator allows."""
    found = _innermost(ip_address(address.partition("%")[0]))
    if is_trusted(str(found), allowed):
        return True
    return found.is_global and not (found.is_multicast or found.is_reserved)


def open_addresses(host: str, port: int | None, allowed: Networks) -> list[str]:
    """Where a name leads now; empty when it is not found.

    Raises Uncallable when any of its addresses is not open.
    """
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        return []
    addresses = [str(each[4][0]) for each in found]
    for address in addresses:
        if not is_open(address, allowed):
            raise Uncallable(
                INSIDE if host == address else INSIDE_BY_NAME, {"host": host, "address": address}
            )
    return addresses


def _innermost(address: IPv4Address | IPv6Address) -> IPv4Address | IPv6Address:
    if isinstance(address, IPv4Address):
        return address
    inner = address.ipv4_mapped or address.sixtofour or (address.teredo or (None, None))[1]
    if address in _TRANSLATED:
        inner = IPv4Address(int(address) & 0xFFFFFFFF)
    return inner or address


def post(
    url: str, content: bytes, headers: Mapping[bytes | str, bytes | str], *, allowed: Networks
) -> int:
    """The status that the address answers with; of the answer nothing else is read, and where it
    redirects to nobody goes. Raises Uncallable when there is none."""
    backend = _Guarded(allowed, time.monotonic() + PATIENCE)
    try:
        with (
            httpcore.ConnectionPool(ssl_context=_trust(), network_backend=backend) as pool,
            pool.stream(
                "POST",
                url,
                headers=headers,
                content=content,
                extensions={"timeout": TIME_OUTS},
            ) as answer,
        ):
            return int(answer.status)
    except (httpcore.TimeoutException, TimeoutError) as error:
        raise Uncallable(N_("%s 秒内没有应答。"), PATIENCE) from error
    except (httpcore.NetworkError, httpcore.ProtocolError, httpcore.UnsupportedProtocol) as error:
        raise Uncallable(
            N_("连接不上或应答读不懂：%s"), str(error)[:150] or type(error).__name__
        ) from error


@cache
def _trust() -> ssl.SSLContext:
    """The authorities that this machine trusts, an intranet's own among them."""
    return ssl.create_default_context()


class _Guarded(httpcore.SyncBackend):
    """Looks a name up once, refuses it when any of its addresses is not open, and connects to what
    was looked at: a name that points elsewhere a moment later gains nothing."""

    def __init__(self, allowed: Networks, until: float) -> None:
        self.allowed, self.until = allowed, until

    def connect_tcp(self, host: str, port: int, *args: Any, **kwargs: Any) -> "_Hurried":
        addresses = open_addresses(host, port, self.allowed)
        if not addresses:
            raise Uncallable(N_("找不到主机 %s。"), host)
        return _Hurried(super().connect_tcp(addresses[0], port, *args, **kwargs), self.until)


class _Hurried(httpcore.NetworkStream):
    """A connection whose every wait ends when the patience for the whole call does."""

    def __init__(self, stream: httpcore.NetworkStream, until: float) -> None:
        self.stream, self.until = stream, until

    def _left(self) -> float:
        left = self.until - time.monotonic()
        if left <= 0:
            raise httpcore.ReadTimeout
        return left

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self.stream.read(max_bytes, self._left())

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self.stream.write(buffer, self._left())

    def close(self) -> None:
        self.stream.close()

    def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,
    ) -> "_Hurried":
        inner = self.stream.start_tls(ssl_context, server_hostname, self._left())
        return _Hurried(inner, self.until)

    def get_extra_info(self, info: str) -> Any:
        return self.stream.get_extra_info(info)
