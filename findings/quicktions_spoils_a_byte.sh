#!/usr/bin/env bash
# After quicktions has read a fraction from text, Python's own b"\x00" is another byte.
#
# CPython keeps one object for each single byte and hands it out whenever a slice or a read is one
# byte long. In the wheel of quicktions 1.24 for CPython 3.11, reading a whole number from text
# overwrites the object of byte 0 with the digit: from then on every b"\x00" that was not written
# as a constant is b"1", in the whole process and without an error. What breaks lies far away:
# gzip searches for the zero byte behind a file name and reports "Compressed file ended before the
# end-of-stream marker was reached" for sound files, such as Django's list of common passwords.
# The same figures read by the standard library's fractions do no harm.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check --only-binary :all: \
    quicktions==1.24
"$folder/venv/bin/python" - <<'PY'
import fractions
import gzip
import io
import sys

import quicktions

print("quicktions", quicktions.__version__, "· Python", sys.version.split()[0])


def zero():
    """Byte 0 as a program meets it: one byte read from a stream."""
    return io.BytesIO(b"\x00\x01").read(1)


def unpacked():
    packed = io.BytesIO()
    with gzip.GzipFile("names.txt", "wb", fileobj=packed) as file:
        file.write(b"names")
    try:
        return gzip.decompress(packed.getvalue()), gzip.GzipFile(
            fileobj=io.BytesIO(packed.getvalue())
        ).read()
    except EOFError as error:
        return f"EOFError: {error}"


fractions.Fraction("1")
before, sound = zero()[0], unpacked()
print("after fractions: ", before, sound)
quicktions.Fraction("1")
after, spoiled = zero()[0], unpacked()
print("after quicktions:", after, spoiled)

assert before == 0 and sound == (b"names", b"names")
assert after == ord("1"), "byte 0 is itself again: mended"
assert str(spoiled).startswith("EOFError")
PY
