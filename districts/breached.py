"""Looks a password up in a list of breached ones, as Pwned Passwords is handed out: a line each,
its SHA-1 and how often it was seen, sorted. The list may be larger than memory."""

import hashlib
from mmap import ACCESS_READ, mmap
from pathlib import Path

SIGNS = 40  # of a SHA-1 in hexadecimal


def is_listed(path: Path, password: str) -> bool:
    digest = hashlib.sha1(
        password.encode(), usedforsecurity=False
    )  # names a line, protects nothing
    wanted = digest.hexdigest().upper().encode()
    with path.open("rb") as file, mmap(file.fileno(), 0, access=ACCESS_READ) as lines:
        low, high = 0, len(lines)  # the line begins at low or later, and before high
        while low < high:
            start = lines.rfind(b"\n", low, (low + high) // 2) + 1 or low
            found = lines[start : start + SIGNS].upper()
            if found == wanted:
                return True
            if found > wanted:
                high = start
            else:
                low = lines.find(b"\n", start) + 1 or high
    return False
