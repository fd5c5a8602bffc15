"""What this installation uses: the profile of its settings, and its keys."""

from django.conf import settings

from .hashing import hexdigest
from .keys import Keyring
from .profiles import HASHES, PROFILES, Profile


def profile() -> Profile:
    return PROFILES[settings.CRYPTO_PROFILE]


def keyring() -> Keyring | None:
    """None where files and secrets are kept as they are, and nothing is signed."""
    return Keyring(settings.KEY_FOLDER) if settings.KEY_FOLDER else None


def digest_of(text: str) -> str:
    """What is kept of a secret: by it the secret is known again and not found out."""
    return hexdigest(text, profile().hash)


def digests_of(text: str) -> list[str]:
    """What may have been kept of it under any profile."""
    return [hexdigest(text, algorithm) for algorithm in HASHES]
