"""New keys, and what is kept encrypted with them: what is done stays done when it is broken off."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.core.files.storage import default_storage
from django.db import transaction

from audit.services import record
from audit.verification import fault_of_file, rows_with_files
from crypto.here import is_of_today, line_of_text, needed_keyring, profile
from crypto.sealed import Line
from crypto.signers import make_signing_key
from districts.models import SecondFactor, User
from districts.services.factors import seal_anew


@dataclass(slots=True)
class Resealed:
    """How much was encrypted anew; ``left`` are files that were not, with the reason."""

    secrets: int = 0
    files: int = 0
    left: list[str] = field(default_factory=list)


@transaction.atomic
def make_keys(*, by: User | None) -> dict[str, str]:
    """One to encrypt with, and one to sign with unless a signing server does; the private key that
    signed until now is gone. Raises KeyTrouble, SignerTrouble."""
    ring = needed_keyring()
    made = {"cipher": ring.make()}
    if not settings.SIGNER:
        made["signature"] = make_signing_key(ring, profile().signature)
    record(action="keys.make", by=by, changes={**made, "profile": profile().name})
    return made


def reseal_everything(*, by: User | None) -> Iterator[Resealed]:
    """Secrets, then file after file, each whole; tells how far it is. Whatever is sealed as it
    would be now stays, so that it can be broken off and begun again."""
    done = Resealed(secrets=_reseal_secrets(by))
    yield done
    for row in rows_with_files():
        if not is_of_today(_line_of(row)):
            _reseal_file(row, done)
            yield done
    if done.files:
        with transaction.atomic():
            changes = {"key": needed_keyring().newest(), "files": done.files, "left": done.left}
            record(action="keys.reseal", by=by, changes=changes)


def _line_of(row: Any) -> Line | None:
    try:
        found: Line | None = default_storage.line(row.file.name)  # type: ignore[attr-defined]
    except FileNotFoundError:
        return None
    return found


def _reseal_file(row: Any, done: Resealed) -> None:
    """Not one that is not what was sent: it would look like a good one."""
    if fault := fault_of_file(row):
        done.left.append(str(fault))
        return
    default_storage.reseal(row.file.name)  # type: ignore[attr-defined]
    done.files += 1


@transaction.atomic
def _reseal_secrets(by: User | None) -> int:
    rows = SecondFactor.objects.select_for_update(of=("self",)).order_by("pk")
    old = [row for row in rows if not is_of_today(line_of_text(row.secret))]
    for row in old:
        seal_anew(factor=row, by=by)
    if old:
        changes = {"key": needed_keyring().newest(), "accounts": len(old)}
        record(action="keys.reseal", by=by, changes=changes)
    return len(old)


@transaction.atomic
def remove_unused(*, by: User | None) -> list[str]:
    """Take away keys with which nothing here is encrypted any more; backups may still need them.

    Raises KeyTrouble when there is none to go on with.
    """
    ring = needed_keyring()
    used = {ring.newest()}
    lines = [line_of_text(text) for text in SecondFactor.objects.values_list("secret", flat=True)]
    used |= {line.key for line in (*lines, *map(_line_of, rows_with_files())) if line}
    gone = [key for key in ring.ids() if key not in used]
    if gone:
        record(action="keys.remove", by=by, changes={"keys": gone})
    for key in gone:
        ring.path(key).unlink()
    return gone
