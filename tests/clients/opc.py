"""Calls every operation through a package that openapi-python-client has made."""

import base64
import json
import pkgutil
import sys
from collections.abc import Iterable, Iterator, Mapping
from importlib import import_module
from pathlib import Path
from subprocess import run
from types import ModuleType
from typing import Any

import httpx

from tests.clients.plan import XLSX, Call


def package_of(schema: Path, folder: Path) -> ModuleType:
    """The package made from the schema file, imported. Every warning of the generator fails."""
    arguments = ["generate", f"--path={schema}", "--meta=none", "--fail-on-warning"]
    tool = [sys.executable, "-m", "openapi_python_client", *arguments]
    config = folder / "config.yml"
    config.write_text("post_hooks: []\n")  # nobody reads the code: it need not be formatted
    target = folder / "portal_client"
    run([*tool, f"--output-path={target}", f"--config={config}"], check=True)
    sys.path.insert(0, str(folder))
    try:
        return import_module(target.name)
    finally:
        sys.path.remove(str(folder))


def workbook_of(origin: str, token: str, reference: str, **options: Any) -> bytes:
    """The first workbook of a self-check, to be sent again."""
    with httpx.Client(base_url=origin, **options) as client:
        address = f"/api/v1/self-checks/{reference}/uploads/1/marked/"
        answer = client.get(address, headers={"Authorization": f"Bearer {token}"})
        return answer.raise_for_status().content


def answers(
    package: ModuleType,
    origin: str,
    tokens: Mapping[str, str],
    calls: Iterable[Call],
    workbook: bytes,
    **options: Any,
) -> Iterator[dict[str, Any]]:
    """What each call brought: as it came, and written again from the client's own types."""
    modules = {
        name.rpartition(".")[2]: name
        for _finder, name, is_folder in pkgutil.walk_packages(package.__path__, "portal_client.")
        if not is_folder
    }
    for call in calls:
        client = package.AuthenticatedClient(
            base_url=origin, token=tokens[call["by"]], httpx_args=options
        )
        asked = {**call["path"], **call["query"]}
        if call["needs_tag"]:
            asked["if_match"] = "*"
        if call["body_name"]:
            asked["body"] = _body(package, call, workbook)
        operation = import_module(modules[call["operation"]])
        answer = operation.sync_detailed(client=client, **asked)
        yield {"status": int(answer.status_code), **_both(answer)}


def _body(package: ModuleType, call: Call, workbook: bytes) -> Any:
    model = getattr(import_module("portal_client.models"), call["body_name"])
    if not call["has_file"]:
        return model.from_dict(call["body"])
    types = import_module("portal_client.types")
    return model(file=types.File(payload=workbook, file_name="自查.xlsx", mime_type=XLSX))


def _both(answer: Any) -> dict[str, Any]:
    if hasattr(answer.parsed, "payload"):
        contents = (answer.content, answer.parsed.payload.read())
        raw, typed = (base64.b64encode(content).decode() for content in contents)
        return {"raw": raw, "typed": typed}
    return {"raw": json.loads(answer.content), "typed": answer.parsed and answer.parsed.to_dict()}
