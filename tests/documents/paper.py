"""Turns documents into pages by LibreOffice and measures what stands on them, in millimetres."""

import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pypdfium2

DOTS = 6  # a millimetre
POINT = 25.4 / 72


class Box(NamedTuple):
    left: float
    top: float
    right: float
    bottom: float


class Sheet(NamedTuple):
    """A page: its lines of text from top to bottom and the ink of a part of it."""

    size: tuple[float, float]
    lines: list[str]
    grey: np.ndarray

    def ink(self, top: float = 0, bottom: float = 1000) -> Box:
        """The smallest box around everything black between two heights."""
        part = self.grey[int(top * DOTS) : int(bottom * DOTS)] < 128
        rows, columns = np.flatnonzero(part.any(axis=1)), np.flatnonzero(part.any(axis=0))
        edges = (columns[0], rows[0], columns[-1] + 1, rows[-1] + 1)
        left, upper, right, lower = (float(edge) / DOTS for edge in edges)
        return Box(left, upper + top, right, lower + top)

    def turned(self) -> "Sheet":
        """The sheet a quarter turn to the left: what lies across stands upright."""
        return self._replace(size=self.size[::-1], grey=np.rot90(self.grey))


def printed(folder: Path, **documents: bytes) -> dict[str, list[Sheet]]:
    """Every document's pages; fails with the file's name when LibreOffice could not load it."""
    for name, content in documents.items():
        (folder / f"{name}.docx").write_bytes(content)
    to_pdf(folder, [folder / f"{name}.docx" for name in documents])
    return {name: sheets(folder / f"{name}.pdf") for name in documents}


def to_pdf(folder: Path, paths: Sequence[Path]) -> None:
    """One start of the program for all of them; its answer is 0 even when it loaded none."""
    command = ["soffice", f"-env:UserInstallation=file://{folder}/office", "--headless"]
    command += ["--convert-to", "pdf", "--outdir", str(folder)]
    subprocess.run([*command, *map(str, paths)], check=True, capture_output=True, timeout=240)
    missing = [path.name for path in paths if not path.with_suffix(".pdf").exists()]
    assert not missing, f"LibreOffice Writer could not load {missing}; see preflight.py office"


def sheets(path: Path) -> list[Sheet]:
    with pypdfium2.PdfDocument(path) as document:
        return [_sheet(document[at]) for at in range(len(document))]


def _sheet(page: pypdfium2.PdfPage) -> Sheet:
    width, height = page.get_size()
    grey = page.render(scale=DOTS * POINT, grayscale=True).to_numpy().squeeze().copy()
    text = page.get_textpage().get_text_bounded()
    return Sheet((width * POINT, height * POINT), text.splitlines(), grey)
