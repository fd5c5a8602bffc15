"""Seals and opens one file from the command line, without database or settings: for backups.

    python -m crypto seal FOLDER CIPHER NAME < plain > sealed
    python -m crypto open FOLDER NAME FILE > plain

FOLDER holds the keys, CIPHER is one of a profile's, NAME what the file is kept under. Exit 1 with
a sentence when a key is missing or the file was changed; nothing of a changed piece is written.
"""

import shutil
import sys
from pathlib import Path

from .keys import Keyring
from .sealed import PIECE, Sealing, reader

PURPOSE = "backup"


def seal(folder: str, cipher: str, name: str) -> None:
    with Sealing(sys.stdout.buffer, Keyring(Path(folder)), cipher, PURPOSE, name) as filled:
        shutil.copyfileobj(sys.stdin.buffer, filled, PIECE)


def unseal(folder: str, name: str, file: str) -> None:
    with (
        Path(file).open("rb") as sealed,
        reader(sealed, Keyring(Path(folder)), PURPOSE, name) as plain,
    ):
        shutil.copyfileobj(plain, sys.stdout.buffer, PIECE)


def main(command: str, *arguments: str) -> None:
    try:
        {"seal": seal, "open": unseal}[command](*arguments)
    except OSError as error:
        sys.exit(f"crypto {command}: {error}")


if __name__ == "__main__":
    main(*sys.argv[1:])
