"""Names for demonstration accounts, drawn by seed and account."""

from random import Random

SURNAMES = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕"
GIVEN = (
    "静", "敏", "磊", "洋", "勇", "艳", "杰", "涛", "明", "超", "霞", "平", "刚", "丽", "强",
    "婷", "岚", "健", "晓燕", "建华", "志强", "雪梅", "文博", "思远", "雨欣", "子涵", "佳怡",
    "国栋", "海燕", "永红", "春兰", "秋实", "一鸣", "成林", "若曦", "长江", "嘉陵", "云舒",
)  # fmt: skip


def display_name(seed: int, username: str) -> str:
    """A person's name that belongs to the account, whichever accounts are made beside it."""
    draw = Random(f"{seed}/{username}")
    return draw.choice(SURNAMES) + draw.choice(GIVEN)
