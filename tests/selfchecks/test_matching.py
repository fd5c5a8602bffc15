"""Which indicator and school a file speaks of, told from its name and folders."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from selfchecks.matching import Known, bears, names_in, propose

SUBJECTS = {
    "B1": "学校规划布局合理",
    "B10": "编制和岗位统筹",
    "B15": "留守儿童和随迁子女",
    "C6": "德育和校园文化建设",
    "C8": "无过重课业负担",
    "V2": "违规择校",
}
SCHOOLS = {
    "2150001001": "沙坪坝区第一小学",
    "2150001002": "沙坪坝区新区第一小学",
    "2150001003": "树人学校(本部)",
}
KNOWN = Known(SUBJECTS, {"B1": ("渝教发〔2025〕3号文件",)}, SCHOOLS)


@pytest.mark.parametrize(
    ("path", "subject", "school"),
    [
        ("B10编制方案.pdf", "B10", ""),
        ("佐证/b10/方案.pdf", "B10", ""),
        ("B10/说明.pdf", "B10", ""),
        ("B1.pdf", "B1", ""),  # not B10, B15
        ("C6 德育/沙坪坝区新区第一小学/方案.pdf", "C6", "2150001002"),
        ("沙坪坝区第一小学/校园文化/无过重课业负担.pdf", "C8", "2150001001"),
        ("校园文化建设/第一稿.pdf", "C6", ""),  # a part of the name is enough
        ("2150001003/随迁子女.docx", "B15", "2150001003"),
        ("随迁子女就读证明.pdf", "B15", ""),
        ("留守儿童和岗位统筹.pdf", "", ""),
        ("树人学校/B15.pdf", "B15", "2150001003"),
        ("渝教发(2025)3号.pdf", "B1", ""),  # named in the workbook
        ("V2处理决定.pdf", "V2", ""),
        ("B10和B15汇总.pdf", "", ""),  # two things fit: nobody guesses
        ("第一小学.pdf", "", ""),
        ("AB10.pdf", "", ""),
        ("B100.pdf", "", ""),
        ("215000100312.pdf", "", ""),
        ("扫描件001.pdf", "", ""),
        ("", "", ""),
    ],
)
def test_what_a_path_says(path: str, subject: str, school: str) -> None:
    assert propose(path, KNOWN) == (subject, school)


def test_the_file_speaks_before_its_folder() -> None:
    assert propose("B10/C6方案.pdf", KNOWN)[0] == "C6"


@pytest.mark.parametrize(
    ("file", "name", "is_same"),
    [
        ("编制方案.PDF", "编制方案", True),
        ("编制 方案.docx", "《编制方案》.pdf", True),
        ("(定稿)编制方案.pdf", "编制方案", True),
        ("方案.pdf", "编制方案", False),  # too short to mean it
        ("方案.pdf", "方案", True),
        ("编制方案.pdf", "", False),
        (".pdf", "编制方案", False),
    ],
)
def test_a_file_bears_a_name(file: str, name: str, is_same: bool) -> None:
    assert bears(file, name) is is_same


def test_a_cell_names_several() -> None:
    assert names_in("甲.pdf、 乙.pdf;丙\n丁, ,") == ["甲.pdf", "乙.pdf", "丙", "丁"]


@given(st.text(alphabet="ABCV0123456789/ .校第一小学沙坪坝区新编制和岗位统筹〔〕()", max_size=40))
def test_nothing_is_proposed_that_there_is_not(path: str) -> None:
    subject, school = propose(path, KNOWN)
    assert subject in {"", *SUBJECTS}
    assert school in {"", *SCHOOLS}


@given(st.sampled_from(sorted(SUBJECTS)), st.text(alphabet="甲乙丙丁 _-()", max_size=12))
def test_a_code_of_its_own_is_always_found(code: str, rest: str) -> None:
    assert propose(f"{code}{rest}.pdf", KNOWN)[0] == code
