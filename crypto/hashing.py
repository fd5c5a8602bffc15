"""Digests and keyed digests by the algorithms of the profiles.

``hashlib`` knows SM3 by name alone, and only where its OpenSSL does.
"""

import hashlib
import hmac

from .profiles import HASHES


def is_known(algorithm: str) -> bool:
    """Whether it is one of the profiles', and this machine's OpenSSL computes it."""
    return algorithm in HASHES and algorithm in hashlib.algorithms_available


def digest(content: bytes, algorithm: str) -> bytes:
    return hashlib.new(algorithm, content).digest()


def hexdigest(text: str, algorithm: str) -> str:
    return digest(text.encode(), algorithm).hex()


def keyed(content: bytes, key: bytes, algorithm: str) -> bytes:
    """HMAC (GB/T 15852.2 with SM3, RFC 2104)."""
    return hmac.digest(key, content, algorithm)
