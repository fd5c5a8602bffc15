"""The measures of GB/T 9704-2012, in twentieths of a point, as programs really lay them out.

天头 37 ± 1 mm, 订口 28 ± 1 mm, text 156 × 225 mm, 22 lines of 28 characters in 三号. The nominal
figures miss both margins: the grid puts half the gap between two lines before the first one and
after the last, so the strict ones, measured on the ink, are what is shipped.
"""

from typing import NamedTuple

BODY, TITLE, HEADING, SUBHEADING = "仿宋_GB2312", "方正小标宋简体", "黑体", "楷体_GB2312"
FOLIO = "宋体"  # of page numbers
LATIN = "Times New Roman"
THREE, TWO, FOUR, SMALL = 32, 44, 28, 24  # 三号 二号 四号 小四, in half points
PAGE = (11906, 16838)  # A4
INK = 8845  # of a line: 156 mm
TIGHTER = -5  # between characters, so that 28 of them fit


class Page(NamedTuple):
    """Margins of a section and the distance between its lines."""

    top: int
    right: int
    bottom: int
    left: int
    line: int
    is_landscape: bool = False

    @property
    def size(self) -> tuple[int, int]:
        return (PAGE[1], PAGE[0]) if self.is_landscape else PAGE

    @property
    def width(self) -> int:
        """Of the text."""
        return self.size[0] - self.left - self.right


STRICT = Page(1948, 1474, 1862, 1587, 592)
NOMINAL = Page(2098, 1474, 1984, 1587, 579)
LANDSCAPE = Page(1587, 2098, 1474, 1984, 579, is_landscape=True)
