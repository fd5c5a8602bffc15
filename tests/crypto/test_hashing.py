"""Digests, keyed digests, signed texts and passwords of both profiles, by published examples."""

import hashlib
from typing import Any

import pytest
from django.contrib.auth.hashers import check_password, identify_hasher, make_password
from django.core.signing import BadSignature, TimestampSigner
from django.utils.crypto import salted_hmac

from crypto.hashers import PBKDF2SM3PasswordHasher
from crypto.here import digest_of, digests_of
from crypto.profiles import password_hashers
from crypto.signing import ProfileSigner, dumps, loads, salted

SM3_OF_ABC = "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0"  # GB/T 32905, A.1
SHA256_OF_ABC = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"  # FIPS 180-4


@pytest.mark.parametrize(("profile", "known"), [("standard", SHA256_OF_ABC), ("guomi", SM3_OF_ABC)])
def test_a_digest_is_the_profiles_and_is_found_under_any(
    settings: Any, profile: str, known: str
) -> None:
    settings.CRYPTO_PROFILE = profile
    assert digest_of("abc") == known
    assert set(digests_of("abc")) == {SM3_OF_ABC, SHA256_OF_ABC}


def test_the_standard_profile_signs_as_django_does(settings: Any) -> None:
    """Nobody is signed out by an upgrade."""
    text = TimestampSigner(salt="s").sign_object([1])
    assert loads(text, salt="s") == [1]
    assert salted("s", "v") == salted_hmac("s", "v", algorithm="sha256").digest()


def test_sm3_signs_by_hmac_over_a_derived_key(settings: Any) -> None:
    """Worked out by RFC 2104's own construction; Django's signer takes no such algorithm."""
    settings.CRYPTO_PROFILE, settings.SECRET_KEY = "guomi", "k" * 50
    key = hashlib.new("sm3", b"s" + b"k" * 50).digest().ljust(64, b"\0")
    inner, outer = (bytes(byte ^ pad for byte in key) for pad in (0x36, 0x5C))
    known = hashlib.new("sm3", outer + hashlib.new("sm3", inner + b"v").digest()).digest()
    assert salted("s", "v") == known


def test_a_text_signed_under_one_profile_has_ended_under_the_other(settings: Any) -> None:
    text = dumps({"a": 1}, salt="s")
    settings.CRYPTO_PROFILE = "guomi"
    with pytest.raises(BadSignature):
        loads(text, salt="s")
    signed = dumps({"a": 1}, salt="s")
    assert loads(signed, salt="s", max_age=60) == {"a": 1}
    for wrong in (signed[:-1] + ("A" if signed[-1] != "A" else "B"), f"x{signed}", "", ":"):
        with pytest.raises(BadSignature):
            loads(wrong, salt="s")
    with pytest.raises(BadSignature):
        loads(signed, salt="another")
    with pytest.raises(BadSignature):
        ProfileSigner(salt="s", key="other").unsign(signed)


def test_a_password_is_kept_by_pbkdf2_with_sm3(settings: Any, monkeypatch: Any) -> None:
    monkeypatch.setattr(PBKDF2SM3PasswordHasher, "iterations", 3)
    settings.PASSWORD_HASHERS = password_hashers("guomi")
    kept = make_password("正确的密码", salt="salt")
    assert kept.startswith("pbkdf2_sm3$3$salt$")
    assert check_password("正确的密码", kept)
    assert not check_password("正确的密码 ", kept)
    settings.PASSWORD_HASHERS = password_hashers("standard")
    assert check_password("正确的密码", kept)
    assert identify_hasher(make_password("x")).algorithm == "scrypt"
