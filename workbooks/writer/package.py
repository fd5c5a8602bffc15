"""The parts of a workbook file: which sheet is where, and how one part points to another."""

import io
import posixpath
import re
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass

from defusedxml import ElementTree

from .ooxml import RELATIONSHIPS, attribute

CONTENT_TYPES = "[Content_Types].xml"
WORKBOOK = "xl/workbook.xml"
SHEET_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"
PACKAGE_RELATIONSHIPS = "http://schemas.openxmlformats.org/package/2006/relationships"
EPOCH = (1980, 1, 1, 0, 0, 0)  # same content, same bytes


@dataclass(frozen=True, slots=True)
class Sheet:
    title: str
    part: str


class Package:
    """Parts by name. Whatever is not asked for goes out exactly as it came in."""

    def __init__(self, content: bytes) -> None:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            self.parts = {name: archive.read(name) for name in archive.namelist()}
        self.workbook = self._find_workbook()

    def to_bytes(self) -> bytes:
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, content in self.parts.items():
                archive.writestr(zipfile.ZipInfo(name, EPOCH), content, zipfile.ZIP_DEFLATED)
        return out.getvalue()

    def sheets(self) -> list[Sheet]:
        """The sheets in their order, with the parts that hold them."""
        targets = self.targets(self.workbook)
        root = ElementTree.fromstring(self.parts[self.workbook])
        found = []
        for element in root.iter():
            if element.tag.endswith("}sheet"):
                part = targets.get(element.get(f"{{{RELATIONSHIPS}}}id", ""), ("", ""))[1]
                if part in self.parts:
                    found.append(Sheet(element.get("name", ""), part))
        return found

    def targets(self, part: str) -> dict[str, tuple[str, str]]:
        """Relationship id → (last word of its type, part it points to)."""
        content = self.parts.get(_rels_name(part))
        if content is None:
            return {}
        root = ElementTree.fromstring(content)
        return {r.get("Id", ""): (_kind(r), _resolve(part, r)) for r in root}

    def related(self, part: str, kind: str) -> str | None:
        """The part of that kind which ``part`` points to."""
        found = (target for name, target in self.targets(part).values() if name == kind)
        return next((target for target in found if target in self.parts), None)

    def relate(self, part: str, kind: str, target: str) -> str:
        """Adds a relationship; answers its id."""
        name = _rels_name(part)
        empty = f'<Relationships xmlns="{PACKAGE_RELATIONSHIPS}"></Relationships>'.encode()
        content = self.parts.get(name, empty)
        if content.rstrip().endswith(b"/>"):
            content = empty
        new_id = _free_id(self.targets(part))
        relation = (
            f'<Relationship xmlns="{PACKAGE_RELATIONSHIPS}" Id="{new_id}"'
            f' Type="{RELATIONSHIPS}/{kind}" Target={attribute("/" + target)}/>'
        )
        at = content.rindex(b"</")
        self.parts[name] = content[:at] + relation.encode() + content[at:]
        return new_id

    def add(self, part: str, content: bytes, content_type: str) -> None:
        self.parts[part] = content
        self._declare(f'<Override PartName="/{part}" ContentType="{content_type}"/>', part)

    def add_default(self, extension: str, content_type: str) -> None:
        declared = self.parts[CONTENT_TYPES].lower()
        if f'extension="{extension}"'.encode() not in declared:
            self._declare(f'<Default Extension="{extension}" ContentType="{content_type}"/>', "")

    def free_name(self, pattern: str) -> str:
        number = 1
        while pattern.format(number) in self.parts:
            number += 1
        return pattern.format(number)

    def _declare(self, element: str, part: str) -> None:
        content = self.parts[CONTENT_TYPES]
        if part and f'PartName="/{part}"'.encode() in content:
            return
        root = re.search(rb"<(?:(\w+):)?Types[\s>]", content)
        if root and root[1]:
            element = element.replace("<", f"<{root[1].decode()}:", 1)
        at = content.rindex(b"</")
        self.parts[CONTENT_TYPES] = content[:at] + element.encode() + content[at:]

    def _find_workbook(self) -> str:
        root = ElementTree.fromstring(self.parts.get("_rels/.rels", b"<Relationships/>"))
        found = (_resolve("", r) for r in root if _kind(r) == "officeDocument")
        return next(found, WORKBOOK)


def _rels_name(part: str) -> str:
    folder, name = posixpath.split(part)
    return posixpath.join(folder, "_rels", f"{name}.rels")


def _kind(relation: Mapping[str, str]) -> str:
    return relation.get("Type", "").rpartition("/")[2]


def _resolve(part: str, relation: Mapping[str, str]) -> str:
    target = relation.get("Target", "")
    if target.startswith("/"):
        return target[1:]
    return posixpath.normpath(posixpath.join(posixpath.dirname(part), target))


def _free_id(taken: Mapping[str, object]) -> str:
    number = 1
    while f"rIdCheck{number}" in taken:
        number += 1
    return f"rIdCheck{number}"
