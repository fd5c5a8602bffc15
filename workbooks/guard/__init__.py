"""Is this file safe to hand to a parser? Its raw bytes are looked at before anything opens it."""

from collections.abc import Callable, Sequence
from typing import TypeVar

from ..findings import N_, Message, Refused
from ..wording import refusals
from .archive import open_parts
from .kind import CSV, refuse_unless_named_xlsx, tell_kind
from .limits import MAX_FILE_BYTES, MB
from .package import Inspection, inspect_package
from .sheets import SheetFacts

__all__ = ["Inspection", "Scanner", "SheetFacts", "inspect", "only_file", "refuse_beyond", "screen"]

Scanner = Callable[[bytes], str | None]  # answers the name of what it found, or nothing
File = TypeVar("File")


def only_file(files: Sequence[File]) -> File:
    """The one file of an upload form, or ``Refused`` when there is none or more than one."""
    if not files:
        raise Refused(refusals.NONE_SELECTED)
    if len(files) > 1:
        raise Refused(refusals.TOO_MANY, count=len(files))
    return files[0]


def inspect(content: bytes, filename: str, *, scan: Scanner | None = None) -> Inspection:
    """What the file is and what a reader should know about it, or ``Refused``."""
    screen(content, scan=scan)
    if tell_kind(content, filename) == CSV:
        return Inspection(CSV)
    inspection = inspect_package(open_parts(content))
    refuse_unless_named_xlsx(filename)
    return inspection


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
