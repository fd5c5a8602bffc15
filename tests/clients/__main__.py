"""Makes clients of the API with three generators and calls every operation with each.

    python -m tests.clients FOLDER     (``make clients`` calls it; FOLDER keeps the tools)

A portal with demonstration data of its own answers each of them, on 127.0.0.1. Exit 0 only when
everything compiled, and every answer was as described and came through the client unchanged.
"""

import base64
import json
import shutil
import sys
import tempfile
import venv
from collections.abc import Callable
from pathlib import Path
from subprocess import run
from typing import Any
from urllib.request import urlopen

from tests.clients import opc
from tests.clients.plan import ACCOUNTS, DISTRICTS, REFERENCE, RETURNED, Call, faults, plan
from tests.journeys.portal import running_portal

HERE = Path(__file__).parent
PYTHON_TOOLS = ("openapi-generator-cli==7.26.0", "pydantic==2.14.4", "python-dateutil==2.9.0.post0")
NODE_TOOLS = ("orval@7.13.2", "typescript@5.9.3", "axios@1.13.2", "@types/node@20.19.25")
ORVAL = """module.exports = {portal: {input: {target: "schema.json"},
  output: {target: "orval/api.ts", client: "axios-functions", mode: "single"}}}"""

Job = dict[str, Any]
Answers = list[dict[str, Any]]


class Tools:
    """The generators, installed once in a folder."""

    def __init__(self, folder: Path) -> None:
        self.python = folder / "python" / "bin"
        self.modules = folder / "node_modules"
        if not self.python.exists():
            venv.create(self.python.parent, with_pip=True)
        pip: list[str | Path] = [
            self.python / "pip",
            "install",
            "--quiet",
            "--disable-pip-version-check",
        ]
        run([*pip, *PYTHON_TOOLS, "urllib3==2.8.0"], check=True)
        npm = ["npm", "install", "--silent", "--ignore-scripts", "--no-save"]
        run([*npm, f"--prefix={folder}", *NODE_TOOLS], check=True)

    def node(self, name: str, *arguments: str, folder: Path) -> None:
        run([self.modules / ".bin" / name, *arguments], cwd=folder, check=True)

    def generate(self, kind: str, folder: Path) -> None:
        tool = [str(self.python / "openapi-generator-cli"), "generate", "--input-spec=schema.json"]
        kinds = [f"--generator-name={kind}", f"--output={kind}"]
        with (folder / f"{kind}.log").open("w") as log:
            run([*tool, *kinds], cwd=folder, stdout=log, check=True)


def by_opc(tools: Tools, folder: Path, job: Job) -> Answers:
    package = opc.package_of(folder / "schema.json", folder)
    workbook = base64.b64decode(job["workbook"])
    return list(opc.answers(package, job["origin"], job["tokens"], job["calls"], workbook))


def by_python(tools: Tools, folder: Path, job: Job) -> Answers:
    tools.generate("python", folder)
    shutil.copy(HERE / "openapi_generator.py", folder / "python")
    return _answers([tools.python / "python", "openapi_generator.py"], folder / "python", job)


def by_typescript(which: str) -> Callable[[Tools, Path, Job], Answers]:
    def answers(tools: Tools, folder: Path, job: Job) -> Answers:
        tools.generate("typescript-fetch", folder)
        (folder / "orval.config.cjs").write_text(ORVAL)
        (folder / "node_modules").symlink_to(tools.modules)
        tools.node("orval", "--config=orval.config.cjs", folder=folder)
        for name in ("walk.ts", "tsconfig.json"):
            shutil.copy(HERE / name, folder)
        tools.node("tsc", folder=folder)
        return _answers(["node", "built/walk.js", which], folder, job)

    return answers


def _answers(command: list[Any], folder: Path, job: Job) -> Answers:
    done = run(command, cwd=folder, input=json.dumps(job), text=True, capture_output=True)
    if done.returncode:
        raise SystemExit(done.stderr)
    return list(json.loads(done.stdout))


CLIENTS = {
    "openapi-python-client": by_opc,
    "openapi-generator python": by_python,
    "openapi-generator typescript-fetch": by_typescript("typescript-fetch"),
    "orval": by_typescript("orval"),
}


def main(folder: str) -> int:
    tools, found = Tools(Path(folder).resolve()), {}
    for name, answers in CLIENTS.items():
        with tempfile.TemporaryDirectory(prefix="portal-clients-") as place:
            found[name] = called(answers, tools, Path(place))
        print(f"{name:<36}", "; ".join(found[name]) or "every answer as described", flush=True)
    return int(any(found.values()))


def called(answers: Callable[[Tools, Path, Job], Answers], tools: Tools, folder: Path) -> list[str]:
    with running_portal(folder, DISTRICTS, schools=4) as portal:
        tokens = {
            name: portal.manage("create_token", name, "--scope", ",".join(scopes)).split()[-1]
            for name, scopes in ACCOUNTS.items()
        }
        with urlopen(f"{portal.origin}/api/v1/schema/") as answer:
            text = answer.read()
        (folder / "schema.json").write_bytes(text)
        document = json.loads(text)
        calls: list[Call] = plan(document)
        workbook = opc.workbook_of(portal.origin, tokens[RETURNED], REFERENCE)
        job = {"origin": portal.origin, "tokens": tokens, "calls": calls}
        job["workbook"] = base64.b64encode(workbook).decode()
        return faults(document, calls, answers(tools, folder, job))


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
