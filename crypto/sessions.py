"""Sessions in the database, signed by the profile's hash."""

from typing import Any

from django.contrib.sessions.backends import db
from django.core import signing

from .signing import ProfileSigner


class SessionStore(db.SessionStore):
    def encode(self, session_dict: dict[str, Any]) -> str:
        signer = ProfileSigner(salt=self.key_salt)
        return signer.sign_object(session_dict, serializer=self.serializer, compress=True)

    def decode(self, session_data: Any) -> dict[str, Any]:
        """Nothing for what was not signed here: its owner signs in again."""
        signer = ProfileSigner(salt=self.key_salt)
        try:
            found: dict[str, Any] = signer.unsign_object(session_data, serializer=self.serializer)
        except signing.BadSignature:
            return {}
        return found
