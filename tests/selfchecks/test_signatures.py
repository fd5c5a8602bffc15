"""审签 and decisions are signed by the person who takes them; the page and the API say who, when,
with which key, and whether it holds."""

import base64
import json
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.db import connection

from audit.services import verify as chain_holds
from audit.signing import NotSigned
from chongqing_eval.services.keys import make_keys
from crypto.keys import Keyring
from districts.models import User
from selfchecks.models import ReviewEntry, SelfCheck
from selfchecks.services.signatures import checked_of
from selfchecks.services.steps import take_step
from tests.selfchecks.conftest import decide

Reach = Callable[[str], SelfCheck]
PAGE = "/self-checks/500106-2026/signatures/"
ALGORITHMS = {"standard": "ed25519", "guomi": "sm2-sm3"}


@pytest.fixture
def ring(db: None, settings: Any, tmp_path: Path) -> Keyring:
    settings.MEDIA_ROOT = tmp_path / "media"
    settings.KEY_FOLDER, settings.CRYPTO_PROFILE = tmp_path / "keys", "guomi"
    settings.SIGNER = settings.SIGNER_TOKEN = ""
    ring = Keyring(settings.KEY_FOLDER)
    make_keys(by=None)
    return ring


def signed_steps(self_check: SelfCheck) -> list[str]:
    rows = self_check.trail.exclude(signature={}).order_by("number")
    return list(rows.values_list("step", flat=True))


def reasons(self_check: SelfCheck) -> set[str]:
    return {each.reason for each in checked_of(self_check)}


@pytest.mark.parametrize("profile", ["standard", "guomi"])
def test_what_the_signatory_hands_in_and_the_inspector_decides_is_signed(
    ring: Keyring, settings: Any, reach: Reach, profile: str
) -> None:
    settings.CRYPTO_PROFILE = profile
    make_keys(by=None)
    self_check = reach("approved")
    assert signed_steps(self_check) == ["submit", "approve"]
    latest, first = checked_of(self_check)
    assert (latest.is_valid, first.is_valid) == (True, True)
    assert first.entry.signature["person"] == "signatory_500106"
    assert latest.entry.signature["algorithm"] == ALGORITHMS[profile]
    assert chain_holds() is None


def test_openssl_verifies_what_was_signed(ring: Keyring, reach: Reach, tmp_path: Path) -> None:
    """With the text and the signature of the API, and the public key from the folder of keys."""
    (checked,) = checked_of(reach("submitted"))
    said = json.loads(checked.statement)
    assert said["person"] == "signatory_500106"
    assert (said["self_check"], said["step"], said["number"]) == ("500106-2026", "submit", 2)
    signature = checked.entry.signature
    (tmp_path / "text").write_text(checked.statement, encoding="utf-8")
    (tmp_path / "signature").write_bytes(base64.b64decode(signature["value"]))
    public = ring.path(signature["key"], ".sm2.pub.pem")
    command = f"openssl pkeyutl -verify -pubin -inkey {public} -rawin -digest sm3 -in text"
    command += " -sigfile signature -pkeyopt distid:1234567812345678"
    assert subprocess.run(command.split(), cwd=tmp_path, capture_output=True).returncode == 0
    command = "openssl dgst -sm3 file"
    with default_storage.open(checked.entry.upload.file.name) as file:
        (tmp_path / "file").write_bytes(file.read())
    found = subprocess.run(command.split(), cwd=tmp_path, capture_output=True, text=True).stdout
    assert said["upload"] == "sm3:" + found.split()[-1]


def test_a_decision_taken_back_is_signed_too(
    ring: Keyring, reach: Reach, zhou_inspector: User
) -> None:
    self_check = reach("approved")
    take_step(
        self_check=self_check,
        step="take_back_approval",
        by=zhou_inspector,
        comment="漏看了一所学校，需要重新复核。",
        evaluation_digest=self_check.evaluations.get().digest,
    )
    assert signed_steps(self_check) == ["submit", "approve", "take_back_approval"]
    assert reasons(self_check) == {""}


def test_signatures_outlive_new_keys_and_a_switch_of_the_profile(
    ring: Keyring, settings: Any, reach: Reach, zhou_inspector: User
) -> None:
    self_check = reach("in_review")
    settings.CRYPTO_PROFILE = "standard"
    make_keys(by=None)
    decide(self_check, "approve", zhou_inspector)
    found = [each.entry.signature["algorithm"] for each in checked_of(self_check)]
    assert found == ["ed25519", "sm2-sm3"]
    settings.CRYPTO_PROFILE = "guomi"
    make_keys(by=None)
    assert reasons(self_check) == {""}


@pytest.mark.parametrize(
    ("table", "column", "value"),
    [
        ("reviewentry", "actor_name", "另一人"),
        ("reviewentry", "comment", "同意"),
        ("reviewentry", "to_state", "approved"),
        ("evaluation", "outcome", '{"verdict": "met"}'),
        ("evaluation", "digest", "sha256:0"),
    ],
)
def test_a_row_changed_afterwards_is_noticed(
    ring: Keyring, reach: Reach, table: str, column: str, value: str
) -> None:
    self_check = reach("submitted")
    statement = f"UPDATE selfchecks_{table} SET {column} = %s"  # noqa: S608
    with connection.cursor() as cursor:
        cursor.execute(statement, [value])
    (reason,) = reasons(self_check)
    assert "签名以后有改动" in reason


def test_a_file_gone_or_a_missing_public_key_is_the_reason_that_is_given(
    ring: Keyring, reach: Reach
) -> None:
    self_check = reach("submitted")
    entry = self_check.trail.exclude(signature={}).get()
    public = ring.path(entry.signature["key"], ".sm2.pub.pem")
    kept = public.read_bytes()
    public.unlink()
    (reason,) = reasons(self_check)
    assert f"没有密钥 {public}" in reason
    public.write_bytes(kept)
    assert reasons(self_check) == {""}
    default_storage.delete(entry.upload.file.name)
    (reason,) = reasons(self_check)
    assert "自查.xlsx" in reason


def test_without_a_signature_the_step_is_not_taken(
    ring: Keyring, settings: Any, reach: Reach, zhao_signatory: User, signed_in: Any
) -> None:
    self_check = reach("awaiting_signature")
    settings.SIGNER = "http://127.0.0.1:9/"
    with pytest.raises(NotSigned):
        take_step(self_check=self_check, step="submit", by=zhao_signatory)
    self_check.refresh_from_db()
    assert self_check.state == "awaiting_signature"
    page = signed_in(zhao_signatory).post(
        "/self-checks/500106-2026/check/", {"step": "submit", "comment": ""}
    )
    assert page.status_code == 503
    assert "现在签不了名" in page.content.decode()
    assert not ReviewEntry.objects.filter(step="submit").exists()


def test_where_there_are_no_keys_nothing_is_signed(
    settings: Any, reach: Reach, signed_in: Any, zhao_signatory: User
) -> None:
    self_check = reach("submitted")
    assert signed_steps(self_check) == []
    page = signed_in(zhao_signatory).get(PAGE).content.decode()
    assert "还没有签名的步骤" in page


def test_the_pages_show_who_signed_and_whether_it_holds(
    ring: Keyring, reach: Reach, signed_in: Any, zhao_signatory: User
) -> None:
    self_check = reach("submitted")
    client = signed_in(zhao_signatory)
    key = self_check.trail.exclude(signature={}).get().signature["key"]
    for page in ("receipts/2/", "trail/"):
        text = client.get(f"/self-checks/500106-2026/{page}").content.decode()
        assert f"{PAGE}#s2" in text, page
    page = client.get(PAGE).content.decode()
    assert all(word in page for word in ("赵明", key, "sm2-sm3", ">有效<"))
    with connection.cursor() as cursor:
        cursor.execute("UPDATE selfchecks_reviewentry SET comment = '<b>'")
    page = client.get(PAGE).content.decode()
    assert ">无效<" in page
    assert "签名以后有改动" in page


def test_the_api_gives_what_is_needed_to_check_it_oneself(
    ring: Keyring, reach: Reach, signed_in: Any, zhou_inspector: User, liu_officer: User
) -> None:
    self_check = reach("submitted")
    address = "/api/v1/self-checks/500106-2026/signatures/"
    (row,) = signed_in(zhou_inspector).get(address).json()["signatures"]
    (checked,) = checked_of(self_check)
    assert row["statement"] == checked.statement
    assert row["value"] == checked.entry.signature["value"]
    assert (row["is_valid"], row["reason"], row["signed_by"]) == (True, "", "赵明")
    assert signed_in(liu_officer).get(address).status_code == 404
