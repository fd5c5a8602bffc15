"""Documents and archives as people send them together."""

import io
import zipfile


def pdf(text: str) -> bytes:
    return b"%PDF-1.7 " + text.encode()


def archive(*members: tuple[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in members:
            package.writestr(name, content)
    return out.getvalue()


def as_windows_writes(name: str, content: bytes) -> bytes:
    """An entry whose Chinese name is in GB 18030 and not marked: as zip programs there do."""
    stand_in = "x" * len(name.encode("gb18030"))
    return archive((stand_in, content)).replace(stand_in.encode(), name.encode("gb18030"))
