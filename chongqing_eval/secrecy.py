"""The settings of cryptography: one profile names all algorithms, one folder holds the keys."""

from pathlib import Path
from typing import NamedTuple

from django.core.exceptions import ImproperlyConfigured

from crypto.hashing import is_known
from crypto.keys import Keyring
from crypto.profiles import GUOMI, PROFILES, Profile
from crypto.signers import has_signing_key, make_signing_key

from .environment import Environment, has_scheme


class Secrecy(NamedTuple):
    """Without a folder nothing is encrypted or signed; the signer is empty where a key in the
    folder signs."""

    profile: str
    folder: Path | None
    signer: str
    token: str


def secrecy(environment: Environment, debug: bool) -> Secrecy:
    profile = _profile(environment)
    folder = _key_folder(environment, debug, profile)
    signer = _signer(environment, folder)
    return Secrecy(profile.name, folder, signer, environment.text("SIGNER_TOKEN"))


def _profile(environment: Environment) -> Profile:
    sentence = "CRYPTO_PROFILE 应为 standard 或 guomi,现在是「{}」。"
    name = environment.checked("CRYPTO_PROFILE", PROFILES.__contains__, sentence, "standard")
    profile = PROFILES[name]
    if not is_known(profile.hash):
        raise ImproperlyConfigured(
            f"CRYPTO_PROFILE 是 {name},但本机 Python 的 OpenSSL 不会 {profile.hash};"
            "请换用带 SM3 的 OpenSSL 3,或改回 standard。"
        )
    before = "AUDIT_HASH 已并入 CRYPTO_PROFILE:sm3 请改设 CRYPTO_PROFILE=guomi,再删去 AUDIT_HASH。"
    environment.checked("AUDIT_HASH", profile.hash.__eq__, before)
    return profile


def _key_folder(environment: Environment, debug: bool, profile: Profile) -> Path | None:
    """In a trial its keys are made at once; elsewhere ``rotate_keys`` makes them."""
    ours = str(environment.base / "var" / "keys") if debug and profile is GUOMI else ""
    text = environment.text("KEY_FOLDER", ours)
    if not text and profile is GUOMI:
        raise ImproperlyConfigured(
            "CRYPTO_PROFILE=guomi 要有 KEY_FOLDER:放密钥的目录,与数据库和备份分开。"
        )
    if text and not Path(text).is_absolute():
        raise ImproperlyConfigured(f"KEY_FOLDER 应是从 / 开始的目录,现在是「{text}」。")
    if text and debug:
        _first_keys(Keyring(Path(text)), profile)
    return Path(text) if text else None


def _first_keys(ring: Keyring, profile: Profile) -> None:
    ring.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    if not ring.ids():
        ring.make()
    if not has_signing_key(ring, profile.signature):
        make_signing_key(ring, profile.signature)


def _signer(environment: Environment, folder: Path | None) -> str:
    sentence = "SIGNER 应是签名服务的 https:// 地址,或从 / 开始的命令,现在是「{}」。"

    def is_good(text: str) -> bool:
        return has_scheme("https", "http")(text) or text.startswith("/")

    signer = environment.checked("SIGNER", is_good, sentence)
    if signer and folder is None:
        raise ImproperlyConfigured("设了 SIGNER 也要设 KEY_FOLDER:核对签名的公钥放在那里。")
    return signer
