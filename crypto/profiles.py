"""Which algorithms a profile uses; what was made under the other one is read all the same."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Profile:
    """``passwords``, ``ciphers`` and so on: each by the name that is kept beside what it made."""

    name: str
    hash: str
    cipher: str
    signature: str
    passwords: str


_DJANGO = "django.contrib.auth.hashers."
STANDARD = Profile("standard", "sha256", "aes-256-gcm", "ed25519", f"{_DJANGO}ScryptPasswordHasher")
GUOMI = Profile("guomi", "sm3", "sm4-128-gcm", "sm2-sm3", "crypto.hashers.PBKDF2SM3PasswordHasher")
PROFILES = {profile.name: profile for profile in (STANDARD, GUOMI)}
HASHES = tuple(profile.hash for profile in PROFILES.values())


def password_hashers(name: str) -> list[str]:
    """The profile's own makes new hashes; all others are still read."""
    others = [other.passwords for other in PROFILES.values() if other.name != name]
    return [PROFILES[name].passwords, *others, f"{_DJANGO}PBKDF2PasswordHasher"]
