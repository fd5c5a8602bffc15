"""Signs what a person decided, beside the entry that says it, and tells of any signature whether it
holds, or why not."""

import base64
import logging
from collections.abc import Mapping
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from crypto.here import keyring, needed_keyring, said, signer
from crypto.keys import KeyTrouble
from crypto.signers import Signed, SignerTrouble, verify

from .chain import SIGNED_FIELDS, canonical
from .refusals import Refused

FORMAT = 1  # of what is signed of an entry; another one is another number
decisions: set[str] = set()  # actions whose entries are signed; each room adds its own
CHANGED = _("签名与现在的记录、工作簿或测算结果不符：签名以后有改动，或不是这把密钥签的。")
logger = logging.getLogger(__name__)


class NotSigned(Refused):
    """No signature came; what was decided is not kept without."""

    status, code = 503, "not_signed"

    def __init__(self) -> None:
        super().__init__(
            _("现在签不了名，这一步没有办理；请稍后再试，仍然不行时请告知系统管理员。")
        )


def signature(person: str, statement: str) -> dict[str, str]:
    """Algorithm, key and value. Raises NotSigned."""
    try:
        signed = signer().sign(statement.encode(), person)
    except (SignerTrouble, KeyTrouble) as trouble:
        logger.exception("a decision of %s is not signed", person)
        raise NotSigned from trouble
    value = base64.b64encode(signed.value).decode()
    return {"algorithm": signed.algorithm, "key": signed.key, "value": value}


def fault_of(signature: Mapping[str, str], statement: str) -> str:
    """Why the signature is not one of the statement; empty when it is."""
    signed = Signed(signature["algorithm"], signature["key"], base64.b64decode(signature["value"]))
    try:
        holds = verify(needed_keyring(), signed, statement.encode())
    except (KeyTrouble, SignerTrouble) as trouble:
        return said(trouble)
    return "" if holds else str(CHANGED)


def signature_of_entry(fields: Mapping[str, Any], person: str) -> dict[str, Any]:
    """What the entry keeps; nothing for other actions, and where there are no keys."""
    if not person or fields["action"] not in decisions or keyring() is None:
        return {}
    facts = {"format": FORMAT, "person": person, "at": timezone.now().isoformat()}
    return {**facts, **signature(person, statement_of(fields, facts))}


def statement_of(fields: Mapping[str, Any], facts: Mapping[str, Any]) -> str:
    """What is signed: all the entry says but its place in the chain, and the seals of what it
    wrote. The place is given after signing, so that nobody waits for a signing server."""
    signed = {name: facts[name] for name in ("format", "person", "at")}
    return canonical({**signed, **{name: fields[name] for name in SIGNED_FIELDS}})


def fault_of_entry(entry: Any) -> str:
    """Why its signature does not hold; empty when it does, and for an entry without one."""
    try:
        return fault_of(entry.signature, signed_text(entry)) if entry.signature else ""
    except (LookupError, TypeError, ValueError):  # nothing of ours
        return str(CHANGED)


def signed_text(entry: Any) -> str:
    """What the signature of the entry is of, as far as the row tells now."""
    return statement_of({name: getattr(entry, name) for name in SIGNED_FIELDS}, entry.signature)
