"""Tells whether two names mean the same school or district, and shows names of files safely."""

import re

from .values import matching_form

CITY = re.compile(r"^重庆市?")
AUTONOMOUS = re.compile(r"((土家族|苗族)+)自治县")
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
