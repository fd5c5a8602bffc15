#!/usr/bin/env bash
# Django loses an uploaded file whose name is not UTF-8, and says nothing.
#
# Windows programs in China still send the file name of a multipart form in GBK. Django decodes each
# header line of a part as UTF-8 and skips a line it cannot decode (parse_boundary_stream: "except
# ValueError: continue"). Without its Content-Disposition the part has no name and is dropped: no
# exception, no log line, request.FILES and request.POST are empty, and a form that asks for a file
# tells its user that none was chosen. The same bytes with the name in UTF-8 arrive.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check django==5.2.19
"$folder/venv/bin/python" - <<'PY'
from io import BytesIO

import django
from django.conf import settings

settings.configure(SECRET_KEY="x")
django.setup()
from django.core.handlers.wsgi import WSGIRequest

print("Django", django.__version__)


def received(encoding):
    head = 'Content-Disposition: form-data; name="file"; filename="自查.xlsx"'.encode(encoding)
    body = b"--x\r\n" + head + b"\r\n\r\ncontent\r\n--x--\r\n"
    request = WSGIRequest(
        {
            "REQUEST_METHOD": "POST",
            "CONTENT_TYPE": "multipart/form-data; boundary=x",
            "CONTENT_LENGTH": str(len(body)),
            "wsgi.input": BytesIO(body),
        }
    )
    return {name: file.name for name, file in request.FILES.items()}, dict(request.POST)


utf_8, gbk = received("utf-8"), received("gbk")
print("name in UTF-8:", utf_8)
print("name in GBK:  ", gbk)
assert utf_8 == ({"file": "自查.xlsx"}, {}), "the file with a name in UTF-8 no longer arrives"
assert gbk == ({}, {}), "the part with a name in GBK is no longer lost"
PY
