"""Packs a document anew: its parts in one order, of one date, so that equal content is equal."""

from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

FIRST = "[Content_Types].xml"  # some readers look for it there


def packed(content: bytes) -> bytes:
    """The same parts, the same bytes wherever and whenever it is done."""
    with ZipFile(BytesIO(content)) as archive:
        names = sorted(archive.namelist(), key=lambda name: (name != FIRST, name))
        return zipped({name: archive.read(name) for name in names})


def zipped(parts: dict[str, bytes]) -> bytes:
    """A zip of the parts in their order."""
    buffer = BytesIO()
    with ZipFile(buffer, "w", ZIP_DEFLATED) as archive:
        for name, part in parts.items():
            information = ZipInfo(name)  # 1980-01-01
            information.compress_type, information.external_attr = ZIP_DEFLATED, 0o600 << 16
            archive.writestr(information, part)
    return buffer.getvalue()
