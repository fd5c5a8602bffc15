"""What this installation uses: the profile of its settings, and its keys."""

import base64
import io
from contextlib import AbstractContextManager, nullcontext
from typing import IO, Any, cast

from django.conf import settings
from django.utils.translation import gettext

from .hashing import hexdigest
from .keys import NOT_SET, Keyring, KeyTrouble
from .profiles import HASHES, PROFILES, Profile
from .sealed import LONGEST_LINE, Line, Sealing, line_of, reader
from .signers import OutsideSigner, RingSigner, Signer

SECRETS, SEALED = "secrets", "sealed:"


def profile() -> Profile:
    return PROFILES[settings.CRYPTO_PROFILE]


def keyring() -> Keyring | None:
    """None where files and secrets are kept as they are, and nothing is signed."""
    return Keyring(settings.KEY_FOLDER) if settings.KEY_FOLDER else None


def said(trouble: Exception) -> str:
    """What is wrong with a key, in the reader's language."""
    if isinstance(trouble, KeyTrouble):
        return gettext(trouble.sentence) % trouble.where
    return str(trouble)


def needed_keyring() -> Keyring:
    """Raises KeyTrouble where there is none: something sealed lies here all the same."""
    if ring := keyring():
        return ring
    raise KeyTrouble(NOT_SET, "KEY_FOLDER")


def signer() -> Signer:
    """Raises KeyTrouble where there are no keys."""
    ring, algorithm = needed_keyring(), profile().signature
    if settings.SIGNER:
        return OutsideSigner(settings.SIGNER, ring, algorithm, settings.SIGNER_TOKEN)
    return RingSigner(ring, algorithm)


def seal_text(text: str, name: str) -> str:
    """A secret as it is kept in the database under a name; as it is where there are no keys."""
    if (ring := keyring()) is None:
        return text
    into = io.BytesIO()
    with Sealing(into, ring, profile().cipher, SECRETS, name) as filled:
        filled.write(text.encode())
    return SEALED + base64.b64encode(into.getvalue()).decode()


def open_text(kept: str, name: str) -> str:
    """Raises KeyTrouble without the key, Unsealable for what was kept under another name."""
    if not kept.startswith(SEALED):
        return kept
    with reader(_bytes_of(kept), needed_keyring(), SECRETS, name) as opened:
        return opened.read().decode()


def sealing(into: IO[bytes], purpose: str) -> AbstractContextManager[IO[bytes]]:
    """What is written to it goes into the file: encrypted, or as it is where there are no keys."""
    if (ring := keyring()) is None:
        return nullcontext(into)
    return cast("Any", Sealing(into, ring, profile().cipher, purpose, ""))


def unsealed(file: IO[bytes], purpose: str) -> IO[bytes]:
    """The same file to read from, at any place. Raises KeyTrouble without the key."""
    file.seek(0)
    is_sealed = line_of(file.read(LONGEST_LINE)) is not None
    file.seek(0)
    return cast("Any", reader(file, needed_keyring(), purpose, "")) if is_sealed else file


def is_of_today(line: Line | None) -> bool:
    """Whether something is sealed as it would be now."""
    return line == Line(profile().cipher, needed_keyring().newest())


def line_of_text(kept: str) -> Line | None:
    return line_of(_bytes_of(kept).getvalue()) if kept.startswith(SEALED) else None


def _bytes_of(kept: str) -> io.BytesIO:
    return io.BytesIO(base64.b64decode(kept.removeprefix(SEALED)))


def digest_of(text: str) -> str:
    """What is kept of a secret: by it the secret is known again and not found out."""
    return hexdigest(text, profile().hash)


def digests_of(text: str) -> list[str]:
    """What may have been kept of it under any profile."""
    return [hexdigest(text, algorithm) for algorithm in HASHES]
