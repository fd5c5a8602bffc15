"""Which document is meant: names of files told apart by indicator and school; pure code."""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass

from workbooks.names import name_form
from workbooks.values import matching_form

BETWEEN = re.compile(r"[、,,;;\n\r]+")
ENDING = re.compile(r"\.(pdf|jpe?g|png|docx|xlsx)$")
QUOTES = re.compile(r"[《》“”‘’\"'「」『』]")
CODE = re.compile(r"(?<![a-z0-9])([abcdv][0-9]{1,2})(?![0-9])")
SCHOOL = re.compile(r"(?<![0-9])[0-9]{10}(?![0-9])")
SHORTEST = 4  # a piece of a name with fewer characters fits too many


@dataclass(frozen=True, slots=True)
class Known:
    """What a file may be about: subjects by code with their names, what the workbook's 佐证 column
    names for each, and the register."""

    subjects: Mapping[str, str]
    named: Mapping[str, Collection[str]]
    schools: Mapping[str, str]


def names_in(text: str) -> list[str]:
    """The documents a cell of the 佐证 column names, as written."""
    return [name for part in BETWEEN.split(text) if (name := part.strip())]


def form(name: str) -> str:
    """How names of documents are compared: without ending, quotes, spaces and width."""
    return ENDING.sub("", QUOTES.sub("", matching_form(name)))


def bears(file_name: str, name: str) -> bool:
    """Whether a file has the name that was written: the same, or one as a part of the other."""
    shorter, longer = sorted((form(name), form(file_name)), key=len)
    return bool(shorter) and (shorter == longer or (len(shorter) >= SHORTEST and shorter in longer))


def propose(path: str, known: Known) -> tuple[str, str]:
    """The subject and the school that a file's name or else one of its folders speaks of.

    Empty where nothing or more than one thing fits: a guess would be taken for a reading.
    """
    parts = [part for part in path.split("/") if part][::-1]
    readings = (*(_named_subjects(part, known) for part in parts[:1]), *_subjects(parts, known))
    schools = (found for part in parts for found in _schools(part, known))
    return _first_sure(readings), _first_sure(schools)


def _first_sure(readings: Iterable[set[str]]) -> str:
    return next((next(iter(found)) for found in readings if len(found) == 1), "")


def _named_subjects(name: str, known: Known) -> set[str]:
    return {code for code, names in known.named.items() if any(bears(name, n) for n in names)}


def _subjects(parts: list[str], known: Known) -> Iterator[set[str]]:
    """Part by part from the file outwards: a code in it, else an indicator's name."""
    names = {code: form(name) for code, name in known.subjects.items()}
    for part in map(form, parts):
        yield {code.upper() for code in CODE.findall(part)} & names.keys()
        yield {c for c, n in names.items() if n in part or (len(part) >= SHORTEST and part in n)}


def _schools(part: str, known: Known) -> Iterator[set[str]]:
    yield {code for code in SCHOOL.findall(part)} & known.schools.keys()
    text = name_form(part)
    fits = {code: form for code, name in known.schools.items() if (form := name_form(name)) in text}
    # 第一小学 stands in 新区第一小学, too: the longest name is the one that was meant.
    longest = max(map(len, fits.values()), default=0)
    yield {code for code, form in fits.items() if len(form) == longest}
