"""Archives that nobody should trust, and limits: everything is refused and nothing left behind."""

import struct
from typing import Any

import pytest

from audit.refusals import Refused, Unusable
from selfchecks import contents
from selfchecks.forms import FilesForm
from selfchecks.models import EvidenceItem
from selfchecks.services import evidence
from tests.selfchecks.many_files import archive, pdf

HOSTILE = {
    "out of its folder": (archive(("../../B10.pdf", pdf("1"))), "不合规范"),
    "from the root": (archive(("/etc/B10.pdf", pdf("1"))), "不合规范"),
    "with a drive": (archive(("C:/B10.pdf", pdf("1"))), "不合规范"),
    "backslashes": (archive(("..\\B10.pdf", pdf("1"))), "不合规范"),
    "too many": (archive(*((f"{n}.pdf", b"") for n in range(201))), "最多 200"),
    "grows": (archive(("B10.pdf", b"%PDF-" + b"0" * 5_000_000)), "解压后过大"),
    "grows too much": (archive(*((f"{n}.pdf", b"0" * 6_000_000) for n in range(9))), "解压后过大"),
    "nested": (archive(("里面.zip", archive(("B10.pdf", pdf("1"))))), "压缩包里的压缩包"),
    "no archive": (b"PK\x03\x04 broken", "没能读出来|不完整"),
    "cut off": (archive(("B10.pdf", pdf("1")))[:-9], "不完整"),
    "more behind it": (archive(("B10.pdf", pdf("1"))) + b"MZ", "多余"),
    "another kind": (archive(("B10.pdf", pdf("1")), ("页面.html", b"<script>")), "页面.html"),
    "renamed": (archive(("B10.pdf", b"MZ\x90")), "不符"),
    "macros": (
        archive(
            (
                "方案.docx",
                archive(
                    ("[Content_Types].xml", b"<x/>"),
                    ("word/document.xml", b"<x/>"),
                    ("word/vbaProject.bin", b"x"),
                ),
            )
        ),
        "宏",
    ),
    "nothing in it": (archive(("空/", b"")), "没有文件"),
}


@pytest.mark.parametrize("case", HOSTILE)
def test_an_archive_that_cannot_be_trusted_leaves_nothing_behind(
    receive: Any, stored: Any, case: str
) -> None:
    content, told = HOSTILE[case]
    with pytest.raises(Refused, match=told):
        receive(("B15.pdf", pdf("B15")), ("佐证.zip", content))
    assert not EvidenceItem.objects.exists()
    assert stored() == 0


def test_files_with_one_fault_are_told_together(receive: Any) -> None:
    members = [(f"{n}.doc", b"x") for n in range(12)]
    with pytest.raises(Unusable) as refused:
        receive(("佐证.zip", archive(*members, ("空.pdf", b""))))
    sentence = str(refused.value)
    assert sentence.count("佐证材料只收") == 1
    assert "「9.doc」等 12 个文件" in sentence
    assert "「空.pdf」：文件是空的" in sentence


def test_a_lying_size_and_a_password_are_refused(receive: Any) -> None:
    content = archive(("B10.pdf", pdf("1")))
    at = content.index(b"PK\x01\x02")
    lying = content[: at + 24] + struct.pack("<I", 3) + content[at + 28 :]
    with pytest.raises(Refused, match="对不上"):
        receive(("a.zip", lying))
    locked = content[: at + 8] + struct.pack("<H", 1) + content[at + 10 :]
    with pytest.raises(Refused, match="密码"):
        receive(("a.zip", locked))


def test_many_small_archives_do_not_become_a_mountain(
    receive: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(contents, "MOST_BYTES_AT_ONCE", 20_000)
    one = archive(("B10.pdf", b"%PDF-" + b"0" * 9_000))
    assert len(one) < 2_000
    with pytest.raises(contents.TooLarge):
        receive(*((f"{n}.zip", one) for n in range(3)))
    with pytest.raises(contents.TooLarge):
        receive(("a.pdf", pdf("0" * 20_000)))


def test_there_are_at_most_a_hundred_at_once(receive: Any) -> None:
    content = archive(*((f"{n}.pdf", pdf(str(n))) for n in range(101)))
    with pytest.raises(contents.TooLarge, match="最多 100 个"):
        receive(("佐证.zip", content))
    words_of_it = str(FilesForm().fields["several"].help_text)
    assert (
        f"{contents.MOST_AT_ONCE} 个文件、共 {contents.MOST_BYTES_AT_ONCE >> 20} MB" in words_of_it
    )


def test_the_space_of_a_self_check_is_one(
    receive: Any, stored: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(evidence, "MOST_BYTES_TOGETHER", 60)
    with pytest.raises(contents.TooLarge, match="上限"):
        receive(*((f"{n}.pdf", pdf(str(n) * 20)) for n in range(3)))
    assert stored() == 0


def test_a_virus_in_one_refuses_all(
    receive: Any, stored: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        evidence, "scanner", lambda: lambda content: "Eicar" if content.endswith(b"2") else None
    )
    with pytest.raises(Unusable, match="Eicar"):
        receive(("1.pdf", pdf("1")), ("2.pdf", pdf("2")))
    assert stored() == 0
