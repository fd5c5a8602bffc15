"""Decisions outside self-checks are signed beside their entries; whoever holds the chain's own key
changes none of them unnoticed."""

import base64
import subprocess
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as own
from django.db import models, transaction
from django.utils import timezone

from audit import signing
from audit.chain import SEALED_FIELDS, seal, seal_of_head
from audit.models import ChainHead, Entry
from audit.services import record, verify
from chongqing_eval.services.keys import make_keys
from crypto.keys import Keyring
from districts.models import District, User
from schedule.models import CertificationEvent, CertificationStep
from schedule.services import certifications
from tests.selfchecks.test_signatures import ring

__all__ = ["ring"]  # a fixture


def announced(district: District, by: User) -> Entry:
    """The entry of an event that a manager has recorded."""
    step = CertificationStep.objects.filter(is_announcement=False)[0]
    day = timezone.localdate()
    certifications.record_event(district=district, step=step, result="started", day=day, by=by)
    entry: Entry = Entry.objects.defer(None).filter(action="certification.record")[0]
    return entry


@pytest.mark.parametrize(("profile", "name"), [("standard", "ed25519"), ("guomi", "sm2-sm3")])
def test_what_a_manager_decides_is_signed_by_her(
    ring: Keyring, settings: Any, shapingba: District, wu_manager: User, profile: str, name: str
) -> None:
    settings.CRYPTO_PROFILE = profile
    make_keys(by=None)
    kept = announced(shapingba, wu_manager).signature
    assert (kept["person"], kept["algorithm"]) == ("manager", name)
    assert verify() is None


def test_openssl_says_the_same(
    ring: Keyring, shapingba: District, wu_manager: User, tmp_path: Path
) -> None:
    entry = announced(shapingba, wu_manager)
    (tmp_path / "text").write_text(signing.signed_text(entry), encoding="utf-8")
    (tmp_path / "signature").write_bytes(base64.b64decode(entry.signature["value"]))
    public = ring.path(entry.signature["key"], ".sm2.pub.pem")
    command = f"openssl pkeyutl -verify -pubin -inkey {public} -rawin -digest sm3 -in text"
    command += " -sigfile signature -pkeyopt distid:1234567812345678"
    assert subprocess.run(command.split(), cwd=tmp_path, capture_output=True).returncode == 0


@pytest.mark.parametrize(
    "changed",
    [
        {"object_label": "别的事件"},
        {"actor_name": "另一人"},
        {"reason": "后来写的"},
        {"district_code": "500151"},
        {"changes": {}},
        {"seals": {}},
        {"address": "10.0.0.9"},
        {"signature": {"person": "manager"}},
        {"signature": {"format": 1, "person": "manager", "at": "", "algorithm": "none"}},
    ],
)
def test_who_seals_the_chain_anew_does_not_sign_anew(
    ring: Keyring, shapingba: District, wu_manager: User, changed: dict[str, Any]
) -> None:
    entry = announced(shapingba, wu_manager)
    resealed(entry)
    assert verify() is None, "sealing anew alone changes nothing"
    resealed(entry, **changed)
    broken = verify()
    assert broken
    assert (broken.number, broken.what) == (entry.number, "signature")


def resealed(entry: Entry, **changed: Any) -> None:
    """With the key of the chain, as whoever runs the machine could."""
    fields = {name: getattr(entry, name) for name in SEALED_FIELDS} | changed
    new = seal(fields, own.AUDIT_KEYS)
    models.QuerySet.update(Entry.objects.filter(pk=entry.pk), **changed, hash=new)
    head = ChainHead.objects.get(pk=1)
    assert head.number == entry.number
    head.hash = new
    head.seal = seal_of_head(head, own.AUDIT_KEYS)
    head.save()


def test_without_a_signature_nothing_is_decided(
    ring: Keyring, settings: Any, shapingba: District, wu_manager: User
) -> None:
    settings.SIGNER, events = "false", CertificationEvent.objects.count()
    with pytest.raises(signing.NotSigned), transaction.atomic():
        announced(shapingba, wu_manager)
    assert CertificationEvent.objects.count() == events


def test_what_is_no_decision_and_what_nobody_decided_is_not_signed(
    ring: Keyring, shapingba: District, wu_manager: User
) -> None:
    with transaction.atomic():
        record(action="certification.record", by=None, on=shapingba)
        record(action="school.update", by=wu_manager, on=shapingba)
    assert not Entry.objects.exclude(signature={}).exists()


def test_without_keys_decisions_are_kept_as_before(shapingba: District, wu_manager: User) -> None:
    assert announced(shapingba, wu_manager).signature == {}
    assert verify() is None


def test_each_room_has_said_what_it_decides() -> None:
    assert signing.decisions >= {
        *("certification.correct", "list.record", "plan.publish", "grant.issue", "grant.recover"),
        *("look_back.revoke", "look_back.limit", "plan.adopt", "plan.take_back"),
        *("standard.publish", "consequence.void", "balance.record"),
        *("practice.publish", "visit.finish", "succession.record", "user.agree"),
    }
    assert not signing.decisions & {"look_back.plan", "look_back.open", "school.update"}


def test_the_page_of_an_entry_says_who_signed_what(
    ring: Keyring, shapingba: District, wu_manager: User, he_auditor: User, signed_in: Any
) -> None:
    entry = announced(shapingba, wu_manager)
    page = signed_in(he_auditor).get(f"/admin/audit/entry/{entry.pk}/change/")
    assert "签名有效" in page.text
    assert entry.signature["value"] in page.text
    resealed(entry, reason="后来写的")
    assert "签名以后有改动" in signed_in(he_auditor).get(page.request["PATH_INFO"]).text
