"""The units of ``deploy/`` as systemd itself reads them, and what they start exists (m88)."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest
from django.core.management import get_commands

from tests.source import ROOT

UNITS = sorted((ROOT / "deploy").glob("portal-*.*"))


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="systemd is not installed")
def test_systemd_finds_nothing_wrong(tmp_path: Path) -> None:
    for unit in UNITS:
        text = unit.read_text(encoding="utf-8").replace("/srv/portal", str(ROOT))
        (tmp_path / unit.name).write_text(text, encoding="utf-8")
    done = subprocess.run(
        ["systemd-analyze", "verify", *sorted(map(str, tmp_path.iterdir()))],
        capture_output=True,
        text=True,
    )
    assert (done.returncode, done.stderr) == (0, "")


def test_every_service_starts_a_command_there_is_and_every_timer_a_service() -> None:
    commands = {
        command
        for unit in UNITS
        for command in re.findall(r"manage\.py (\w+)", unit.read_text(encoding="utf-8"))
    }
    assert commands == {"serve", "work", "periodic"}
    assert commands <= set(get_commands())
    timers = {unit.stem for unit in UNITS if unit.suffix == ".timer"}
    assert timers == {"portal-periodic", "portal-files", "portal-base"}
    assert timers <= {unit.stem for unit in UNITS if unit.suffix == ".service"}


def test_units_and_settings_are_told_on_the_operators_page() -> None:
    page = (ROOT / "docs/operate.md").read_text(encoding="utf-8")
    example = (ROOT / ".env.example").read_text(encoding="utf-8")
    settings = set(re.findall(r"^([A-Z_]+)=", example, re.MULTILINE))
    needed = {"SECRET_KEY", "AUDIT_KEYS", "ALLOWED_HOSTS", "DATABASE_URL", "REDIS_URL", "CLAMD_URL"}
    needed |= {"EMAIL_URL", "MEDIA_ROOT", "ANCHOR_FILE", "BIND", "HSTS_SECONDS", "TRUSTED_PROXIES"}
    assert needed <= settings
    assert sorted(name for name in needed if name not in page) == []
    assert sorted(unit.name for unit in UNITS if unit.name not in page) == []
