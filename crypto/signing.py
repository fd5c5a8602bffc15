"""Django's signer by the profile's hash.

Django looks algorithms up among the names of ``hashlib``, where SM3 is none, and refuses it.
"""

import base64
from typing import Any

from django.conf import settings
from django.core import signing

from .hashing import digest, keyed
from .here import profile
from .profiles import STANDARD


def salted(salt: str, value: str, secret: str = "") -> bytes:
    """Django's ``salted_hmac`` with its key derived by the profile's hash."""
    algorithm = profile().hash
    key = digest((salt + (secret or settings.SECRET_KEY)).encode(), algorithm)
    return keyed(value.encode(), key, algorithm)


class ProfileSigner(signing.TimestampSigner):
    """Signs cookies, forms, cursors and sessions; those of the other profile have ended."""

    def signature(self, value: str | bytes, key: str | bytes | None = None) -> str:
        if profile() is STANDARD:
            return super().signature(value, key)
        seal = salted(f"{_text(self.salt)}signer", _text(value), _text(key or self.key))
        return base64.urlsafe_b64encode(seal).rstrip(b"=").decode()


def _text(value: str | bytes) -> str:
    return value.decode() if isinstance(value, bytes) else value


def dumps(value: Any, *, salt: str) -> str:
    return ProfileSigner(salt=salt).sign_object(value, compress=True)


def loads(text: str, *, salt: str, max_age: Any = None) -> Any:
    """Raises ``django.core.signing.BadSignature``."""
    return ProfileSigner(salt=salt).unsign_object(text, max_age=max_age)
