"""The units people write behind a number, and what a 万 or 亿 is worth."""

from decimal import Decimal

SYNONYMS: dict[str, frozenset[str]] = {
    "人": frozenset({"人", "名", "位", "个人"}),
    "个": frozenset({"个", "个班", "班"}),
    "间": frozenset({"间", "个"}),
    "㎡": frozenset({"㎡", "平方米", "平米", "m2", "m²", "平方", "平"}),
    "元": frozenset({"元", "块", "元人民币"}),
    "万元": frozenset({"万元", "万元人民币"}),
}
MULTIPLES: dict[str, Decimal] = {
    "万": Decimal(10_000),
    "萬": Decimal(10_000),
    "亿": Decimal(100_000_000),
    "億": Decimal(100_000_000),
}


def factor(suffix: str, unit: str) -> Decimal | None:
    """What to multiply by when ``suffix`` follows a number whose field counts in ``unit``.

    None when the suffix is another unit, or leaves open which one is meant: 2.3万 in a column
    of 万元 may be 2.3万元 or 23000万元.
    """
    suffix = suffix.replace(" ", "").lower()
    if suffix in _names(unit):
        return Decimal(1)
    multiple = MULTIPLES.get(suffix[:1])
    if multiple is None:
        return None
    if unit.startswith("万"):
        return multiple / MULTIPLES["万"] if suffix[1:] in _names(unit[1:]) else None
    return multiple if suffix[1:] in _names(unit) | {""} else None


def is_multiple(suffix: str) -> bool:
    return suffix[:1] in MULTIPLES


def _names(unit: str) -> frozenset[str]:
    return SYNONYMS.get(unit, frozenset({unit.lower()} if unit else ()))
