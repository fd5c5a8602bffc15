#!/usr/bin/env bash
# Two canonical JSON writers disagree on the order of two Chinese school names.
#
# orjson's OPT_SORT_KEYS (like json.dumps) sorts keys by code point; RFC 8785, the "JSON
# Canonicalization Scheme", sorts them by UTF-16 code units. The two orders differ as soon as a
# character beyond U+FFFF meets one from U+E000 to U+FFFF: the rare 𬭎 (U+2CB4E), which stands in
# the old writing of 綦江, beside a name that begins with a full-width bracket, （ (U+FF08). A seal
# over "sorted JSON" made with one is then refused by a verifier that follows the RFC, and no key
# in plain Chinese ever shows it. Floats differ too: 1e16 is written 1e+16 or 10000000000000000.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check orjson==3.13.0 rfc8785==0.1.4
"$folder/venv/bin/python" - <<'PY'
import hashlib
import json
import sys
from importlib.metadata import version

import orjson
import rfc8785

print("orjson", version("orjson"), "· rfc8785", version("rfc8785"), "· Python", sys.version.split()[0])


def plain(value):
    return json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode()


def sealed(value):
    return [orjson.dumps(value, option=orjson.OPT_SORT_KEYS), plain(value), rfc8785.dumps(value)]


common = sealed({"江津小学": 1, "（新）小学": 2})
rare = sealed({"𬭎江小学": 1, "（新）小学": 2})
for name, texts in (("usual names", common), ("with a rare character", rare)):
    print(name)
    for writer, text in zip(("orjson", "json", "RFC 8785"), texts, strict=True):
        print(f"  {writer:9} {text.decode()}  {hashlib.sha256(text).hexdigest()[:12]}")
numbers = [orjson.dumps(1e16), plain(1e16), rfc8785.dumps(1e16)]
print("1e16:", *(text.decode() for text in numbers))

assert len(set(common)) == 1, "usual names: one text, whoever writes it"
assert rare[0] == rare[1] != rare[2], "the rare character: RFC 8785 orders it otherwise"
assert numbers[0] == numbers[1] == b"1e+16" and numbers[2] == b"10000000000000000"
PY
