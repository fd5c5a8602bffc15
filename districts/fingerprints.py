"""What is kept of a secret: its fingerprint, by which it is known again and not found out."""

import hashlib


def digest_of(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
