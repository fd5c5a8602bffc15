"""Is this file safe to hand to a parser? Its raw bytes are looked at before anything opens it."""

from collections.abc import Callable, Sequence
from typing import TypeVar

from ..findings import N_, Message, Refused
from ..wording import refusals
from .limits import MAX_FILE_BYTES, MB

Scanner = Callable[[bytes], str | None]  # answers the name of what it found, or nothing
File = TypeVar("File")


def only_file(files: Sequence[File]) -> File:
    """The one file of an upload form, or ``Refused`` when there is none or more than one."""
    if not files:
        raise Refused(refusals.NONE_SELECTED)
    if len(files) > 1:
        raise Refused(refusals.TOO_MANY, count=len(files))
    return files[0]


def screen(content: bytes, *, scan: Scanner | None = None) -> None:
    """By its size and what a virus scanner says of it, whatever kind of file it is."""
    _check_size(content)
    _check_virus(content, scan)


def refuse_beyond(size: int) -> None:
    """By its length alone, so that a file far too big need not even be read."""
    if size > MAX_FILE_BYTES:
        sizes = {"size": f"{size / MB:.1f}", "limit": MAX_FILE_BYTES // MB}
        reason = Message(N_("文件有 {size} MB,最多 {limit} MB"), sizes)
        raise Refused(refusals.TOO_BIG, reason=reason)


def _check_size(content: bytes) -> None:
    refuse_beyond(len(content))
    if not content.strip(b"\0\r\n\t \xef\xbb\xbf\xfe\xff,;"):
        raise Refused(refusals.EMPTY, reason=Message(N_("文件里没有任何内容")))


def _check_virus(content: bytes, scan: Scanner | None) -> None:
    if scan and (name := scan(content)):
        raise Refused(refusals.VIRUS, reason=name)
