"""A reason says something: not necessarily much."""

import pytest

from audit.reasons import LONGEST_REASON, fault_of


@pytest.mark.parametrize("text", ["属实", "已核实", "漏报", "请核对", "done", "新建校舍", "A4 纸"])
def test_short_is_enough(text: str) -> None:
    assert fault_of(text) is None


@pytest.mark.parametrize(
    "text", ["", " ", "ok", "OK!", "无", "……", "。。。。", "-", "111111", "好好好"]
)
def test_nothing_said_is_not(text: str) -> None:
    assert "写得太短" in str(fault_of(text))


def test_there_is_an_end() -> None:
    assert fault_of("已核实" * 333) is None
    assert str(fault_of("已核实" * 334)) == f"说明有 1002 字，最多 {LONGEST_REASON} 字。"
