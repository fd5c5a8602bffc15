"""What a reader of a page takes in: its words, its tables, its links."""

import re
from html.parser import HTMLParser

from django.http import HttpResponse

_UNSEEN = {"script", "style", "head"}


class _Page(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.words: list[str] = []
        self.tables: list[list[list[str]]] = []
        self.links: list[str] = []
        self.headings: list[int] = []
        self.ids: list[str] = []
        self.unseen = 0
        self.cell: list[str] | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self.unseen += tag in _UNSEEN
        if tag == "table":
            self.tables.append([])
        elif tag == "tr":
            self.tables[-1].append([])
        elif tag in {"td", "th"}:
            self.cell = []
        elif re.fullmatch("h[1-6]", tag):
            self.headings.append(int(tag[1]))
        if tag == "a" and given.get("href"):
            self.links.append(given["href"] or "")
        if given.get("id"):
            self.ids.append(given["id"] or "")

    def handle_endtag(self, tag: str) -> None:
        self.unseen -= tag in _UNSEEN
        if tag in {"td", "th"} and self.cell is not None:
            self.tables[-1][-1].append(_tidy(self.cell))
            self.cell = None

    def handle_data(self, data: str) -> None:
        if not self.unseen:
            self.words.append(data)
        if self.cell is not None:
            self.cell.append(data)


def _tidy(parts: list[str]) -> str:
    return " ".join("".join(parts).split())


def _read(response: HttpResponse) -> _Page:
    page = _Page()
    page.feed(response.content.decode())
    return page


def words(response: HttpResponse) -> str:
    return _tidy(_read(response).words)


def tables(response: HttpResponse) -> list[list[list[str]]]:
    """Each table as rows of cells."""
    return _read(response).tables


def links(response: HttpResponse) -> list[str]:
    return _read(response).links


def headings(response: HttpResponse) -> list[int]:
    return _read(response).headings


def ids(response: HttpResponse) -> list[str]:
    return _read(response).ids
