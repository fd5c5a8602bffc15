"""The gate before a form for everybody: no foreign captcha, no script, no cookie needed.

A form carries a ticket, signed and with its time. Who sends it within seconds, or fills in the
input nobody sees, is a machine; a person who was that quick presses once more. The ticket also
gives the code by which the message is looked up, so the same form sent twice is one message.
"""

import secrets
from typing import NamedTuple

from django.core.signing import BadSignature

from crypto.signing import dumps, loads, salted

SALT = "improvement.voices.gate"
LEAST_SECONDS, MOST_SECONDS = 5, 12 * 3600
# 26 signs of 32: 130 bits. None of them is taken for another when written down.
SIGNS, LENGTH, GROUP = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ", 26, 4


class Ticket(NamedTuple):
    text: str
    age: float  # seconds


def new_ticket(now: float) -> str:
    return dumps([secrets.token_urlsafe(12), int(now)], salt=SALT)


def read_ticket(text: str, now: float) -> Ticket | None:
    """None for what is no ticket of ours, or too old."""
    try:
        _nonce, made = loads(text, salt=SALT)
    except (BadSignature, ValueError, TypeError):
        return None
    age = now - made
    return Ticket(text, age) if age <= MOST_SECONDS else None


def code_of(ticket: str) -> str:
    """The code to look the message up by, which nobody else can compute from anything public."""
    number = int.from_bytes(salted(SALT, ticket), "big")
    return "".join(SIGNS[number >> 5 * place & 31] for place in range(LENGTH))


def in_groups(code: str) -> str:
    """As it is shown: ABCD-EFGH-…"""
    return "-".join(code[at : at + GROUP] for at in range(0, LENGTH, GROUP))


def as_kept(typed: str) -> str:
    """Without what people put between the groups, whatever the case; empty when it is no code."""
    code = "".join(sign for sign in typed.upper() if sign not in " -－—–\t\r\n")
    return code if len(code) == LENGTH and set(code) <= set(SIGNS) else ""
