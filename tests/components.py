"""What the portal is made of: a CycloneDX list and the licences, from lock and installed metadata.

python -m tests.components      writes docs/compliance/sbom.json and licences.md (``make sbom``)
"""

import json
import re
from dataclasses import dataclass
from importlib.metadata import distribution

from tests.source import ROOT

FOLDER = ROOT / "docs/compliance"
PINNED = re.compile(r"^([\w.-]+)(?:\[[\w,-]+\])?==([\w.!+-]+)((?:.*\\\n)*.*)", re.MULTILINE)
# What says nothing in its metadata: as its licence file reads.
UNTOLD = {"resvg-py": "MIT"}
HEAD = """# Licences

Of every package that runs in service, as its own metadata say; versions and hashes are pinned in
`requirements.lock`. Made by `make sbom`; a test says when this page is out of date.

| package | version | licence | pinned hashes |
|---|---|---|---|
"""


@dataclass(frozen=True, slots=True)
class Component:
    name: str
    version: str
    licence: str
    hashes: int

    @property
    def purl(self) -> str:
        return f"pkg:pypi/{self.name.lower().replace('_', '-')}@{self.version}"


def components() -> list[Component]:
    """Those of the lock, in its order."""
    lock = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    return [
        Component(name, version, licence_of(name), rest.count("--hash=sha256:"))
        for name, version, rest in PINNED.findall(lock)
    ]


def licence_of(name: str) -> str:
    """The expression, else the short name, else what the classifiers say."""
    facts = distribution(name).metadata
    told = facts.get("License-Expression") or facts.get("License") or ""
    if told and "\n" not in told and len(told) <= 60:
        return told
    kinds = [each for each in facts.get_all("Classifier") or () if each.startswith("License ::")]
    return "; ".join(each.rpartition(" :: ")[2] for each in kinds) or UNTOLD.get(name, "")


def listed() -> str:
    """CycloneDX 1.6 without a date or a number of its own: the same parts, the same bytes."""
    rows = [
        {
            "type": "library",
            "bom-ref": each.purl,
            "name": each.name,
            "version": each.version,
            "purl": each.purl,
            "licenses": [{"license": {"name": each.licence}}],
            "properties": [{"name": "pinned SHA-256 hashes", "value": str(each.hashes)}],
        }
        for each in components()
    ]
    main = {"type": "application", "bom-ref": "portal", "name": "chongqing-eval"}
    depends = [{"ref": "portal", "dependsOn": [row["purl"] for row in rows]}]
    book = {"bomFormat": "CycloneDX", "specVersion": "1.6", "version": 1}
    book |= {"metadata": {"component": main}, "components": rows, "dependencies": depends}
    return json.dumps(book, ensure_ascii=False, indent=1) + "\n"


def licences() -> str:
    rows = (f"| {c.name} | {c.version} | {c.licence} | {c.hashes} |" for c in components())
    return HEAD + "\n".join(rows) + "\n"


if __name__ == "__main__":
    FOLDER.mkdir(exist_ok=True)
    (FOLDER / "sbom.json").write_text(listed(), encoding="utf-8")
    (FOLDER / "licences.md").write_text(licences(), encoding="utf-8")
