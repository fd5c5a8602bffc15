"""Damaged and twisted workbooks over the upload page: shown, reported or refused (m20)."""

import random
from collections.abc import Callable

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from audit.services import verify
from districts.models import User
from selfchecks.models import SelfCheck
from selfchecks.services import uploads
from tests.selfchecks.workbook.test_fuzz import (
    MUTATIONS,
    SENT_EACH,
    SENT_SEEDS,
    XML_PARTS,
    cut,
    double,
    flip,
)
from tests.selfchecks.workbook_files import workbook
from tests.workbooks import packages

REFERENCE = "/self-checks/500106-2026/"


@pytest.mark.parametrize("seed", range(SENT_SEEDS))
def test_m20_mutated_workbooks_over_http(
    seed: int, times: int, self_check: SelfCheck, schools: list[object], chen_officer: User,
    signed_in: Callable[[User], Client], monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    monkeypatch.setattr(uploads, "MOST_UPLOADS", 10**6)
    rng, officer, looked_at = random.Random(seed), signed_in(chen_officer), 0
    whole = workbook(self_check)
    for number in range(SENT_EACH * times):
        file = SimpleUploadedFile(f"自查{number}.xlsx", twisted(whole, rng))
        answer = officer.post(f"{REFERENCE}upload/", {"file": file})
        assert answer.status_code in (200, 302, 400, 409, 413, 415, 422), answer.status_code
        if answer.status_code == 302:
            looked_at += 1
            assert officer.get(answer["Location"]).status_code == 200
            assert officer.post(answer["Location"]).status_code in (200, 302, 409, 422)
    assert looked_at  # some twists are harmless, or the test would prove nothing
    assert verify() is None


def twisted(content: bytes, rng: random.Random) -> bytes:
    if rng.random() < 0.3:
        return rng.choice((flip, cut, double))(content, rng)
    parts = packages.parts_of(content)
    name = rng.choice([name for name in XML_PARTS if name in parts])
    return packages.pack({**parts, name: rng.choice(MUTATIONS)(parts[name], rng)})
