"""Charts on paper: black ink on white, from the same SVG that pages show.

The renderer leaves text out without a word when it does not have the font, so the fonts are named
by file, and where there are none nobody draws a chart without its words.
"""

import re
from collections.abc import Sequence
from functools import cache
from pathlib import Path

import resvg_py

from .faults import FontsMissing

FOLDERS = ("/usr/share/fonts", "/usr/local/share/fonts", "/Library/Fonts", "C:/Windows/Fonts")
# File names of a regular Chinese sans serif → its family in them.
KNOWN = {
    "NotoSansCJK-Regular.ttc": "Noto Sans CJK SC",
    "NotoSansCJKsc-Regular.otf": "Noto Sans CJK SC",
    "SourceHanSansSC-Regular.otf": "Source Han Sans SC",
    "wqy-microhei.ttc": "WenQuanYi Micro Hei",
    "simhei.ttf": "SimHei",
    "msyh.ttc": "Microsoft YaHei",
}
# As Windows and macOS call theirs, for who opens the drawing itself.
ELSEWHERE = "'Microsoft YaHei', SimHei, 'PingFang SC', sans-serif"
TEXT_SIZE = 13
SHARP = 1.6  # pixels of the picture for each of the drawing: 156 in an inch of paper
INK = (
    f"text {{ font-size: {TEXT_SIZE}px; fill: #000 }}"
    + """
svg { background: #fff }
.axis, .limit, .floor, .chart__grid { stroke: #000; fill: none }
.chart__grid { stroke: #bbb } .floor { stroke-dasharray: 4 3 }
.zone { fill: #eee } .dot, .amount { fill: #555 } .cross { stroke: #000; fill: none }
.rail { fill: #eee } .over { fill: #000 }
.chart__tick { fill: #000 }
"""
)
_BELOW = re.compile(r'\by="([\d.]+)" dy="([\d.]+)em"')


@cache
def font(folders: Sequence[str] = FOLDERS) -> tuple[str, str]:
    """File and family of a Chinese font. Raises FontsMissing."""
    for folder in map(Path, folders):
        for name, family in KNOWN.items():
            found = next(folder.rglob(name), None) if folder.is_dir() else None
            if found:
                return str(found), family
    raise FontsMissing


def picture(svg: str, sharp: float = SHARP) -> bytes:
    """The drawing as PNG. Raises FontsMissing when its words could not be drawn."""
    file, family = font()
    return bytes(
        resvg_py.svg_to_bytes(
            svg_string=svg,
            background="#ffffff",
            skip_system_fonts=True,
            font_files=[file],
            font_family=family,
            sans_serif_family=family,
            serif_family=family,
            style_sheet=INK + f"text {{ font-family: '{family}' }}",
            zoom=sharp,
        )
    )


def vector(svg: str) -> bytes:
    """The drawing with its ink in it, for programs that read less of SVG than a browser does."""

    def lowered(found: re.Match[str]) -> str:
        return f'y="{float(found[1]) + float(found[2]) * TEXT_SIZE:g}"'

    style = f"<style>{INK}text {{ font-family: {ELSEWHERE} }}</style>"
    return _BELOW.sub(lowered, svg.replace(">", f">{style}", 1)).encode("utf-8")
