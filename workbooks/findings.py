"""What is wrong, doubtful or worth saying about an uploaded workbook, and how it is worded."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from dataclasses import field as default
from enum import StrEnum
from typing import Any

N_: Callable[[str], str] = str  # marks a text for the message catalogue without translating it

Translate = Callable[[str], str]
MAX_SHOWN = 60  # longest piece of the user's own text that a message repeats


class Severity(StrEnum):
    """错误 blocks the upload, 警告 needs a written reason, 提示 only informs."""

    ERROR = N_("错误")
    WARNING = N_("警告")
    NOTICE = N_("提示")


@dataclass(frozen=True, slots=True)
class Message:
    """A constant Chinese template with its parameters; translated only by whoever shows it."""

    template: str
    params: Mapping[str, Any] = default(default_factory=dict)

    def render(self, translate: Translate = str) -> str:
        filled = {name: _render(value, translate) for name, value in self.params.items()}
        text = translate(self.template) if self.template else ""
        return text.format(**filled) if filled else text

    def __str__(self) -> str:
        return self.render()

    def as_dict(self) -> dict[str, Any]:
        return {"template": self.template, "params": {k: _plain(v) for k, v in self.params.items()}}


def _render(value: Any, translate: Translate) -> str:
    return value.render(translate) if isinstance(value, Message) else shorten(value)


def _plain(value: Any) -> Any:
    return value.as_dict() if isinstance(value, Message) else shorten(value)


def _revive(value: Any) -> Any:
    if not isinstance(value, Mapping):
        return value
    return Message(value["template"], {k: _revive(v) for k, v in value["params"].items()})


def shorten(value: object) -> str:
    """One printable line of a value, so that a message stays readable whatever was typed."""
    text = "".join(c if c.isprintable() else " " for c in str(value))
    return text if len(text) <= MAX_SHOWN else text[: MAX_SHOWN - 1] + "…"


@dataclass(frozen=True, slots=True)
class Kind:
    """One way a workbook can be wrong: its code, severity and the three sentences about it."""

    code: str
    severity: Severity
    what: str
    expected: str
    fix: str


def name_kinds(module: Mapping[str, Any]) -> tuple[Kind, ...]:
    """Gives each kind of a module the code its name spells, and answers them in order."""
    kinds = {name: kind for name, kind in module.items() if isinstance(kind, Kind)}
    for name, kind in kinds.items():
        object.__setattr__(kind, "code", name.lower())  # once, before anybody can see it
    return tuple(kinds.values())


@dataclass(frozen=True, slots=True)
class Finding:
    """One problem at one place. ``field`` is the label of a column or item, ``found`` as typed.

    ``about`` names the school, indicator or item whose row it is; empty when it is no such row.
    """

    kind: Kind
    params: Mapping[str, Any] = default(default_factory=dict)
    sheet: str = ""
    cell: str = ""
    row: int | None = None
    field: str = ""
    found: str = ""
    about: str = ""

    @property
    def code(self) -> str:
        return self.kind.code

    @property
    def severity(self) -> Severity:
        return self.kind.severity

    @property
    def template(self) -> str:
        return self.kind.what

    @property
    def what(self) -> Message:
        return Message(self.kind.what, self._all_params())

    @property
    def expected(self) -> Message:
        return Message(self.kind.expected, self._all_params())

    @property
    def fix(self) -> Message:
        return Message(self.kind.fix, self._all_params())

    @property
    def text(self) -> str:
        return self.render()

    @property
    def place(self) -> str:
        return f"{self.sheet}!{self.cell}" if self.cell else self.sheet

    def render(self, translate: Translate = str) -> str:
        """What happened, what was expected, what to do next, in one paragraph."""
        parts = (self.what, self.expected, self.fix)
        return paragraph(part.render(translate) for part in parts if part.template)

    def _all_params(self) -> dict[str, Any]:
        label = Message(self.field) if self.field else ""
        return {"field": label, "found": self.found, "cell": self.cell, **self.params}

    def as_dict(self) -> dict[str, Any]:
        """A JSON shape from which ``from_dict`` rebuilds the finding, with its texts to read."""
        texts = {name: str(getattr(self, name)) for name in ("what", "expected", "fix", "text")}
        return {
            "code": self.code,
            "severity": str(self.severity),
            "sheet": self.sheet,
            "cell": self.cell,
            "row": self.row,
            "field": self.field,
            "found": shorten(self.found),
            "about": shorten(self.about),
            "params": {name: _plain(value) for name, value in self.params.items()},
            **texts,
        }

    @classmethod
    def from_dict(cls, stored: Mapping[str, Any], kinds: Mapping[str, Kind]) -> "Finding":
        params = {name: _revive(value) for name, value in stored["params"].items()}
        place = {name: stored[name] for name in ("sheet", "cell", "row", "field", "found")}
        return cls(kinds[stored["code"]], params, **place, about=stored.get("about", ""))


def paragraph(sentences: Iterable[str]) -> str:
    """Sentences after one another: Chinese ones touch, others have a space between them."""
    text = ""
    for sentence in map(str.strip, sentences):
        text += f" {sentence}" if text and text[-1].isascii() else sentence
    return text


class Refused(Exception):
    """The file as a whole cannot be taken; ``finding`` says why and what to do next."""

    def __init__(self, kind: Kind, **params: Any) -> None:
        self.finding = Finding(kind, params)
        super().__init__(self.finding.text)

    def __reduce__(self) -> tuple[Any, ...]:
        return _refuse_again, (self.finding.kind, dict(self.finding.params))

    @property
    def state(self) -> str:
        return self.finding.code


def _refuse_again(kind: Kind, params: dict[str, Any]) -> Refused:
    """The same refusal on the other side of a process."""
    return Refused(kind, **params)


def count_by_severity(findings: Iterable[Finding]) -> dict[Severity, int]:
    counts = dict.fromkeys(Severity, 0)
    for finding in findings:
        counts[finding.severity] += 1
    return counts
