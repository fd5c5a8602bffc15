"""The examples of the API's guide, sent as they are printed, and what the demonstration data
answers written down for the page to show:

    DEBUG=1 .venv/bin/python manage.py shell -c "from tests.guide import write; write()"
"""

import argparse
import json
import re
import shlex
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from string import Template
from typing import Any, NamedTuple
from urllib.error import HTTPError
from urllib.parse import urljoin
from urllib.request import Request, urlopen
from uuid import uuid4

from django.utils import translation

from rest.guide import Operation, chapters
from tests.journeys.portal import Portal, running_portal
from tests.source import ROOT

ANSWERS = ROOT / "fixtures" / "api_answers.json"
# Their stories are those of the whole city; the last has school plans.
DISTRICTS = ("500101", "500102", "500103", "500106", "500243")
ACCOUNTS = {
    "manager": "read,write:hooks,write:plan,write:schools,write:selfcheck",
    "inspector": "read,write:selfcheck",
    "auditor": "read",
    "officer_500103": "read,write:selfcheck",
    "signatory_500103": "read,write:selfcheck",
    "officer_500243": "read,write:selfcheck",
}
PNG = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x10\0\0\0\x10"  # how a picture begins
LONGEST, FEW = 24, 8  # members of a dictionary that are shown; of a longer one


class Answer(NamedTuple):
    status: int
    headers: dict[str, str]
    content: bytes


_options = argparse.ArgumentParser()
_options.add_argument("address")
_options.add_argument("-X", default="GET")
_options.add_argument("-H", action="append", default=[])
_options.add_argument("-o")
for option in ("-d", "-F"):
    _options.add_argument(option, default="")


def curl(command: str, **variables: str) -> Answer:
    """Does what curl does with the command, for machines without it."""
    words = shlex.split(command.replace("\\\n", ""))
    words = [Template(word).substitute(variables) for word in words]
    asked = _options.parse_args(words[1:])
    headers = dict(line.split(": ", 1) for line in asked.H)
    body = asked.d.encode()
    if asked.F:
        body, headers["Content-Type"] = _form(Path(asked.F.removeprefix("file=@")))
    request = Request(asked.address, body or None, headers, method=asked.X)
    try:
        with urlopen(request) as came:
            answer = Answer(came.status, dict(came.headers), came.read())
    except HTTPError as refused:
        answer = Answer(refused.code, dict(refused.headers), refused.read())
    if asked.o:
        Path(asked.o).write_bytes(answer.content)
    return answer


def _form(file: Path) -> tuple[bytes, str]:
    mark = uuid4().hex
    named = f'Content-Disposition: form-data; name="file"; filename="{file.name}"'
    head, end = f"--{mark}\r\n{named}\r\n\r\n", f"\r\n--{mark}--\r\n"
    content = head.encode() + file.read_bytes() + end.encode()
    return content, f"multipart/form-data; boundary={mark}"


def document_of(portal: Portal, language: str) -> dict[str, Any]:
    wish = {"Accept-Language": language}
    with urlopen(Request(f"{portal.origin}/api/v1/schema/", headers=wish)) as answer:
        content: dict[str, Any] = json.load(answer)
    return content


def tokens_of(portal: Portal) -> dict[str, str]:
    return {
        name: portal.manage("create_token", name, "--scope", scopes).split()[-1]
        for name, scopes in ACCOUNTS.items()
    }


def sent(portal: Portal, language: str, folder: Path) -> Iterator[tuple[Operation, Answer]]:
    """Every example of the guide with its answer; reading first, so that public facts are shown
    as they are and not with what the examples write."""
    tokens, file = tokens_of(portal), folder / "workbook.xlsx"
    document = document_of(portal, language)
    with translation.override(language):
        found = [each for part in chapters(document, portal.origin) for each in part.operations]
        for operation in sorted(found, key=lambda each: each.verb != "get"):
            given = {"TOKEN": tokens[operation.account], "FILE": str(file), "ETAG": ""}
            if "$ETAG" in operation.command:
                given["ETAG"] = _tag(operation.command.split("'")[1], given)
            if "/photos/" in operation.command:
                given["FILE"] = str(folder / "picture.png")
                Path(given["FILE"]).write_bytes(PNG)
            elif "-F" in operation.command:
                place = re.split("(?:uploads|evidence)/", operation.command.split("'")[1])[0]
                bearer = '-H "Authorization: Bearer $TOKEN"'
                curl(f"curl '{place}uploads/1/marked/' {bearer} -o '$FILE'", **given)
            yield operation, curl(operation.command, **given)


def _tag(address: str, given: dict[str, str]) -> str:
    """Of what the address names, else of what it is about."""
    about = urljoin(address, "..")
    commands = (f"curl '{each}' -H 'Authorization: Bearer $TOKEN'" for each in (address, about))
    tags = (curl(command, **given).headers.get("ETag", "") for command in commands)
    return next(filter(None, tags), "")


def shortened(value: Any) -> Any:
    """Of every list the first row, of members alike the first two, of a long dictionary some."""
    if isinstance(value, list):
        return [shortened(inner) for inner in value[:1]]
    return dict(_first_of_each(value)) if isinstance(value, dict) else value


def _first_of_each(members: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    """Chosen by name, because a database may keep members in an order of its own."""
    seen: Counter[Any] = Counter()
    few, chosen = FEW if len(members) > LONGEST else LONGEST, set()
    for name in sorted(members)[:few]:
        value = members[name]
        kind = tuple(sorted(value)) if value and isinstance(value, dict) else name
        seen[kind] += 1
        if seen[kind] <= 2:
            chosen.add(name)
    yield from ((name, shortened(value)) for name, value in members.items() if name in chosen)


def write() -> None:
    """Both languages' answers into the file that the document takes them from."""
    found = {language: dict(_shown(language)) for language in ("zh-hans", "en")}
    ANSWERS.write_text(json.dumps(found, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def _shown(language: str) -> Iterator[tuple[str, Any]]:
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        with running_portal(folder, DISTRICTS, schools=4) as portal:
            for operation, answer in sent(portal, language, folder):
                print(answer.status, operation.method, operation.path, file=sys.stderr)
                if answer.status < 400 and "json" in answer.headers["Content-Type"]:
                    text = answer.content.decode().replace(portal.origin, "http://127.0.0.1:8000")
                    shown = shortened(json.loads(text))
                    yield (
                        operation.facts["operationId"],
                        {"status": str(answer.status), "answer": shown},
                    )
