"""What the operator says to everybody, read from a folder: whole or not at all, new only if new."""

from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from audit.models import Entry
from schedule.models import Statement, Subject
from tests.reader import words

pytestmark = pytest.mark.django_db


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for subject in Subject:
        (tmp_path / f"{subject}.txt").write_text(f"{subject.label}：市教委\n", encoding="utf-8")
    (tmp_path / "contact.en.txt").write_text("Write to the commission", encoding="utf-8")
    return tmp_path


def keep(folder: Path) -> str:
    out = StringIO()
    call_command("statements", folder, stdout=out)
    return out.getvalue()


def refusal(folder: Path) -> tuple[int, str]:
    with pytest.raises(CommandError) as refused:
        keep(folder)
    return refused.value.returncode, str(refused.value)


def test_all_six_are_kept_and_shown_in_both_languages(folder: Path, client: Any) -> None:
    assert "联系我们：已保存第 1 版。" in keep(folder)
    assert Statement.objects.missing() == []
    assert "联系我们：市教委" in words(client.get("/about/contact/"))
    assert "Write to the commission" in words(client.get("/en/about/contact/"))
    assert set(Entry.objects.filter(action="statement.say").values_list("actor")) == {("",)}


def test_only_what_is_new_becomes_a_version(folder: Path) -> None:
    keep(folder)
    assert keep(folder) == "没有改动。\n"
    (folder / "privacy.txt").write_text("\ufeff不收集个人信息\r\n", encoding="utf-8")
    assert keep(folder) == "隐私说明：已保存第 2 版。\n"
    assert Statement.objects.newest("privacy").text == "不收集个人信息"


def test_what_is_still_missing_is_named_and_the_rest_kept(folder: Path) -> None:
    (folder / "licence.txt").unlink()
    assert refusal(folder) == (1, "还没有填写：使用许可。")
    assert Statement.objects.missing() == ["使用许可"]


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("licence.md", b"text", "不认识的文件 licence.md；文件名应是"),
        ("licence.txt", "许可".encode("gb18030"), "licence.txt 不是能读的 UTF-8 文本"),
        ("licence.txt", b" \n", "licence.txt 没有内容"),
        ("licence.txt", b"x" * 20_001, "「licence」写了 20001 个字，最多 20000 个字。"),
        ("licence.txt", b"x\0", "「licence」里有不能显示的字符"),
    ],
)
def test_a_file_that_cannot_be_used_keeps_nothing(
    folder: Path, name: str, content: bytes, sentence: str
) -> None:
    (folder / name).write_bytes(content)
    code, said = refusal(folder)
    assert code == 2
    assert sentence in said
    assert not Statement.objects.exists()


def test_english_alone_and_no_folder_are_refused(folder: Path) -> None:
    (folder / "contact.txt").unlink()
    assert refusal(folder)[0] == 2
    assert refusal(folder / "elsewhere") == (2, f"没有文件夹 {folder}/elsewhere。")
