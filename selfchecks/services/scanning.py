"""The virus scanner in front of every upload, when the installation has one."""

import socket
import struct
from collections.abc import Callable
from urllib.parse import urlsplit

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from audit.refusals import Refused

CHUNK = 64 * 1024
SECONDS = 20


class ScannerDown(Refused):
    """The scanner does not answer; files wait until it does, none slips through."""

    status = 503
    code = "scanner_down"


def scanner() -> Callable[[bytes], str | None] | None:
    """What names a virus in some bytes; None when no scanner is configured."""
    return _ask_clamd if settings.CLAMD_URL else None


def _ask_clamd(content: bytes) -> str | None:
    """clamd's INSTREAM: chunks with their length, a zero length, then one line of answer."""
    address = urlsplit(settings.CLAMD_URL)
    try:
        with socket.create_connection(
            (address.hostname or "127.0.0.1", address.port or 3310), timeout=SECONDS
        ) as connection:
            connection.sendall(b"zINSTREAM\0")
            for start in range(0, len(content), CHUNK):
                chunk = content[start : start + CHUNK]
                connection.sendall(struct.pack("!L", len(chunk)) + chunk)
            connection.sendall(struct.pack("!L", 0))
            answer = connection.makefile("rb").read(4096).rstrip(b"\0\n").decode("utf-8", "replace")
    except OSError as error:
        raise ScannerDown(_("安全检查暂时不能进行,文件没有采用;请稍后再上传。")) from error
    return _name_in(answer)


def _name_in(answer: str) -> str | None:
    if answer.endswith(" OK"):
        return None
    if answer.endswith(" FOUND"):
        return answer.removeprefix("stream: ").removesuffix(" FOUND")
    raise ScannerDown(_("安全检查没有给出结论,文件没有采用;请稍后再上传。"))
