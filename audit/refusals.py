"""What the portal says when it will not do something: raised once, shown by every face."""

from collections.abc import Callable, Iterable, Mapping
from typing import Self, TypeVar

from django.utils.functional import Promise
from django.utils.translation import gettext as _

Asked = TypeVar("Asked")
Made = TypeVar("Made")


class Refused(Exception):
    """A request that is understood and declined. ``status`` is its HTTP meaning.

    ``fields`` ties sentences to the inputs they speak of, so that a form or an API answer can
    point at them.
    """

    status = 409
    code = "refused"

    def __init__(
        self,
        sentence: str | Promise,
        *,
        code: str | None = None,
        fields: Mapping[str, str | Promise] | None = None,
    ) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.code = code or self.code
        self.fields = dict(fields or {})

    def __str__(self) -> str:
        return str(self.sentence)

    @classmethod
    def at(cls, field: str, sentence: str | Promise, *, code: str | None = None) -> Self:
        """A refusal whose one sentence speaks of one input."""
        return cls(sentence, code=code, fields={field: sentence})

    def within(self, place: str) -> Self:
        """The same of an input inside another: ``measures/3/due``."""
        fields = {f"{place}{name}": sentence for name, sentence in self.fields.items()}
        return type(self)(self.sentence, code=self.code, fields=fields)

    @classmethod
    def check(cls, faults: Mapping[str, str | Promise | None], code: str | None = None) -> None:
        """Raises for the inputs that have a fault, each with its sentence; nothing without any."""
        found = {name: sentence for name, sentence in faults.items() if sentence}
        if found:
            raise cls(next(iter(found.values())), code=code, fields=found)


class NotAllowed(Refused):
    """This person's role does not include the action."""

    status = 403
    code = "not_allowed"


class Unusable(Refused):
    """The input itself is wrong: it says what was found and what is expected."""

    status = 422
    code = "unusable"


class Conflict(Refused):
    """The state of things does not allow the action now."""

    status = 409
    code = "conflict"


class Stale(Refused):
    """Somebody changed the object after the reader last saw it."""

    status = 412
    code = "stale"


class TooOften(Refused):
    """One address asked or sent so often that it may be a machine."""

    status = 429
    code = "throttled"


def understood(
    make: Callable[[Asked], Made], asked: Asked, usual: Asked
) -> tuple[Made, Unusable | None]:
    """What is made of a question; of the usual one, with the reason, when it cannot be answered."""
    try:
        return make(asked), None
    except Unusable as refusal:
        return make(usual), refusal


def one_of(asked: Mapping[str, str], name: str, known: Iterable[str]) -> str:
    """Empty when not asked. Raises Unusable with what there is."""
    text = asked.get(name, "")
    if text and text not in (there := list(known)):
        sentence = _("「%(name)s」不能是「%(found)s」；可用：%(known)s。")
        facts = {"name": name, "found": text[:40], "known": ", ".join(there[:60])}
        raise Unusable.at(name, sentence % facts, code="bad_choice")
    return text
