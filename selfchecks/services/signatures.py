"""Signs what a person handed in or decided, and says of any signature whether it holds, or why not.

What is signed is one line of JSON made of the stored row: what it rests on is in it by digests of
the workbook's bytes and of the evaluation, so that a change of any of them is noticed.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC
from functools import partial
from typing import Any

from audit.signing import fault_of, signature
from crypto.hashing import digest
from crypto.here import keyring, profile, said
from crypto.keys import KeyTrouble
from districts.models import User
from indicators.calculation.outcome import canonical
from selfchecks.files import DamagedFile, content_of
from selfchecks.models import Evaluation, ReviewEntry
from selfchecks.workflow import SIGNED

FORMAT = 1  # of what is signed; another one is another number


@dataclass(frozen=True, slots=True)
class Checked:
    """A signed step; ``reason`` says why its signature does not hold, ``statement`` what is signed
    as far as the rows tell now."""

    entry: ReviewEntry
    statement: str
    reason: str

    @property
    def is_valid(self) -> bool:
        return not self.reason


def signature_of(entry: ReviewEntry, by: User | None) -> dict[str, Any]:
    """What the row of the step keeps; nothing for other steps, and where there are no keys.

    Raises NotSigned, DamagedFile when the workbook is not what was sent any more.
    """
    if by is None or entry.step not in SIGNED or keyring() is None:
        return {}
    facts = {"format": FORMAT, "person": by.username, "hash": profile().hash}
    return {**facts, **signature(by.username, statement_of(entry, facts))}


def statement_of(entry: ReviewEntry, facts: Mapping[str, Any]) -> str:
    """What is signed: the row, and by the digest of ``facts`` what it rests on."""
    hashed = partial(_hashed, algorithm=facts["hash"])
    said_of = canonical(
        {
            "format": facts["format"],
            "person": facts["person"],
            "name": entry.actor_name,
            "self_check": entry.self_check.reference,
            "number": entry.number,
            "step": entry.step,
            "from_state": entry.from_state,
            "to_state": entry.to_state,
            "taken_at": entry.taken_at.astimezone(UTC).isoformat(timespec="microseconds"),
            "comment": entry.comment,
            "due_on": entry.due_on.isoformat() if entry.due_on else None,
            "upload": hashed(content_of(entry.upload)) if entry.upload else None,
            "evaluation": hashed(_bytes_of(entry.evaluation)) if entry.evaluation else None,
        }
    )
    return said_of.decode().strip()


def _hashed(content: bytes, algorithm: str) -> str:
    return f"{algorithm}:{digest(content, algorithm).hex()}"


def _bytes_of(evaluation: Evaluation) -> bytes:
    return canonical([evaluation.inputs, evaluation.rules, evaluation.outcome, evaluation.digest])


def check(entry: ReviewEntry) -> Checked:
    """Computed from the rows, the file and the public key as they are now."""
    facts = entry.signature
    try:
        statement = statement_of(entry, facts)
    except (DamagedFile, KeyTrouble) as refusal:
        return Checked(entry, "", said(refusal))
    return Checked(entry, statement, fault_of(facts, statement))


def checked_of(self_check: Any) -> list[Checked]:
    """Every signed step of a self-check, the latest first."""
    rows = self_check.trail.select_related("upload", "evaluation").order_by("-number")
    return [check(_of(self_check, row)) for row in rows.exclude(signature={})]


def _of(self_check: Any, row: ReviewEntry) -> ReviewEntry:
    row.self_check = self_check
    return row
