"""Tells whether two names mean the same school or district, and shows names of files safely."""

import re
from collections.abc import Sequence

from .reading import RegisterSchool
from .values import matching_form

CITY = re.compile(r"^重庆市?")
AUTONOMOUS = re.compile(r"((土家族|苗族)+)自治县")
DISTRICT = re.compile(r"^[\u4e00-\u9fff]{2,6}?(区|县)")
LONGEST_NAME = 80
CAMPUS = re.compile(r"\((本部|校本部|主校区)\)$")


def name_form(name: str) -> str:
    """How names are compared: without 重庆市, with 酉阳县 for 酉阳土家族苗族自治县."""
    form = CITY.sub("", matching_form(name))
    return CAMPUS.sub("", AUTONOMOUS.sub("县", form))


def same_name(first: str, second: str) -> bool:
    return name_form(first) == name_form(second)


def display_file_name(name: str) -> str:
    """A file name fit to be shown: no path, no control or direction marks, not too long."""
    last = name.replace("\\", "/").rpartition("/")[2]
    shown = "".join(c for c in last if c.isprintable()).strip(". ")
    stem, dot, ending = shown.rpartition(".")
    kept = stem[: LONGEST_NAME - len(ending)] if dot else shown[:LONGEST_NAME]
    return f"{kept}{dot}{ending[:10]}" if kept else "未命名"


def match_school(name: str, register: Sequence[RegisterSchool]) -> list[RegisterSchool]:
    """The schools a name may mean: by full name first, then without the district before it."""
    form = name_form(name)
    exact = [school for school in register if form in _forms(school)]
    if exact:
        return exact
    short = DISTRICT.sub("", form)
    return [s for s in register if short in {DISTRICT.sub("", form) for form in _forms(s)}]


def _forms(school: RegisterSchool) -> set[str]:
    return {name_form(name) for name in (school.name, *school.former_names)}
