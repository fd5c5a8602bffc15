"""A folder with keys of both profiles."""

from pathlib import Path

import pytest

from crypto.keys import Keyring
from crypto.profiles import PROFILES
from crypto.signers import make_signing_key


@pytest.fixture
def ring(tmp_path: Path) -> Keyring:
    ring = Keyring(tmp_path / "keys")
    ring.make()
    for profile in PROFILES.values():
        make_signing_key(ring, profile.signature)
    return ring
