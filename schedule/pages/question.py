"""What the reader asks for: which day, which basis, which version of the plan."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from urllib.parse import urlencode

from django.utils.translation import gettext_lazy as _

from audit.refusals import Unusable
from schedule import progress
from schedule.models import PlanVersion
from schedule.services import reading
from schedule.services.reading import Position

LONGEST = 40  # characters of what was typed that are worth showing again


@dataclass(frozen=True, slots=True)
class Question:
    """A question that can be answered; ``problem`` says why it is not the one that was asked."""

    as_of: date
    basis: str
    version: PlanVersion
    versions: tuple[PlanVersion, ...]
    today: date
    typed_day: str
    problem: Unusable | None = None

    @property
    def is_today(self) -> bool:
        return self.as_of == self.today

    @property
    def in_force(self) -> PlanVersion:
        """The plan that was in force on the day."""
        return self.versions[0]

    @property
    def original(self) -> PlanVersion:
        return self.versions[-1]

    def answer(self) -> Position:
        return reading.position_on(self.as_of, self.basis, self.version)

    def tail(self, *keep: str, **changes: str) -> str:
        """The question as the end of an address, with changes; what is default is left out."""
        parts = {
            "as_of": "" if self.is_today else self.as_of.isoformat(),
            "basis": "" if self.basis == progress.PLAN else self.basis,
            "version": "" if self.version == self.in_force else str(self.version.number),
        }
        chosen = {name: parts[name] for name in keep or parts} | changes
        asked = {name: value for name, value in chosen.items() if value}
        return f"?{urlencode(asked)}" if asked else ""


def ask(parameters: Mapping[str, str]) -> Question:
    """The reader's question; a wrong one becomes today's with the reason in ``problem``.

    Raises Unusable when no plan is loaded: then there is nothing to show.
    """
    try:
        return _understood(parameters)
    except Unusable as problem:
        typed = parameters.get("as_of", "")[:LONGEST]
        return replace(_understood({}), problem=problem, typed_day=typed)


def _understood(parameters: Mapping[str, str]) -> Question:
    day = reading.parse_day(parameters.get("as_of", "").strip())
    basis = reading.parse_basis(parameters.get("basis"))
    in_force = reading.version_on(day)
    versions = tuple(PlanVersion.objects.filter(number__lte=in_force.number))
    return Question(
        as_of=day,
        basis=basis,
        version=_version(parameters.get("version", ""), versions),
        versions=versions,
        today=reading.today(),
        typed_day=day.isoformat(),
    )


def _version(text: str, versions: tuple[PlanVersion, ...]) -> PlanVersion:
    if not text:
        return versions[0]
    for version in versions:
        if str(version.number) == text:
            return version
    sentence = _("没有第「%(found)s」版规划,或当时还未发布;可看第 1 到 %(last)s 版。") % {
        "found": text[:LONGEST],
        "last": versions[0].number,
    }
    raise Unusable(sentence, code="bad_version", fields={"version": sentence})
