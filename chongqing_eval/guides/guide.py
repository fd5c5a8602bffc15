"""What a guide is made of, without Django; whoever shows it translates its sentences.

In a sentence 「…」 (“…” in English) is the name of what is pressed, opened or read in the portal,
and `…` is typed as it stands: both are checked against the portal.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

N_: Callable[[str], str] = str  # marks a sentence for the message catalogue

_MARKED = re.compile("「([^」]+)」|“([^”]+)”|`([^`]+)`")
NAME, CODE, WORDS = "name", "code", "words"


@dataclass(frozen=True, slots=True)
class Step:
    """``page`` is the address, by its name, where it begins; ``picture`` shows it."""

    when: str
    title: str
    text: str
    page: str = ""
    picture: str = ""


@dataclass(frozen=True, slots=True)
class Guide:
    code: str
    title: str
    lead: str
    steps: tuple[Step, ...]


def parts(text: str) -> Iterator[tuple[str, str]]:
    """The sentence in order, names and what is typed told apart from words."""
    end = 0
    for found in _MARKED.finditer(text):
        yield WORDS, text[end : found.start()]
        typed = found[3]
        yield (CODE, typed) if typed else (NAME, found[0])
        end = found.end()
    yield WORDS, text[end:]


def names(text: str) -> list[str]:
    return [part[1:-1] for kind, part in parts(text) if kind == NAME]
