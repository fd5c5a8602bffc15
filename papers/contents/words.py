"""Words that several documents share."""

DEMO = "（演示数据，不是真实情况）"


def yes(is_so: bool, words: str) -> str:
    return words if is_so else ""
