"""Made-up people and schools for trials, plain code: the same seed gives the same data.

Schools come in a realistic mix, with codes and names that say 演示."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from itertools import chain, count
from random import Random
from zlib import crc32

FEWEST, MOST = 34, 180
MARK = "(演示)"

# One of each type, then by weight; roughly the mix of a Chongqing county.
WEIGHTS = {
    "小学": 50,
    "初中": 18,
    "九年一贯制": 9,
    "完全中学": 8,
    "教学点": 13,
    "十二年一贯制": 1,
    "特殊教育学校": 0,
}
# 大足区's published make-up (self-evaluation of 2019): its made-up register has the same.
PUBLISHED = {"500111": {"小学": 73, "教学点": 94, "初中": 22, "完全中学": 2}}
STEMS = (
    "实验", "育英", "启明", "向阳", "青山", "江畔", "竹园", "龙泉", "桂花", "松林", "白鹤", "红星",
    "金沙", "玉泉", "清溪", "云峰", "石桥", "新桥", "古渡", "茶园", "柏林", "梅溪", "凤鸣", "双河",
    "高滩", "大石", "平安", "和平", "团结", "长春", "文昌", "书院", "明月", "朝阳", "翠屏", "银杏",
    "枫香", "石龙", "三溪", "九曲", "东风", "新华", "光明", "兴隆", "太平", "永兴", "福安", "仁和",
)  # fmt: skip
FORMS = {
    "小学": ("{}小学", "{}中心小学"),
    "初中": ("{}初级中学",),
    "九年一贯制": ("{}学校",),
    "完全中学": ("{}中学",),
    "教学点": ("{}村教学点", "{}坝教学点"),
    "十二年一贯制": ("{}实验学校",),
    "特殊教育学校": ("特殊教育学校",),
}
ORDINALS = "一二三四五六七八九十"


@dataclass(frozen=True, slots=True)
class DemoUnit:
    """What the generator needs of a district; ``urban`` is how many schools in ten are 城区."""

    code: str
    name: str
    urban: int


@dataclass(frozen=True, slots=True)
class DemoSchool:
    """One line of the register; ``attached_to`` is the code of a teaching point's main school."""

    code: str
    name: str
    school_type: str
    ownership: str
    location: str
    valid_from: date
    valid_to: date | None = None
    attached_to: str | None = None


def schools_of(
    unit: DemoUnit, *, seed: int, first_year: int, last_year: int, size: int | None = None
) -> list[DemoSchool]:
    """The unit's register since 1 September of ``first_year``, some schools opened since."""
    draw = Random(f"{seed}/{unit.code}")
    types = _published_types(unit.code) if size is None else []
    types = types or _types(draw, size or draw.randint(FEWEST, MOST))
    names = {school_type: _names(draw, school_type) for school_type in WEIGHTS}
    schools = [
        DemoSchool(
            code=f"{code_prefix(unit.code)}9{number:03d}",
            name=f"{unit.name}{next(names[school_type])}{MARK}",
            school_type=school_type,
            ownership=_ownership(draw, school_type),
            location=_location(draw, school_type, unit.urban),
            valid_from=date(_opened(draw, first_year, last_year), 9, 1),
        )
        for number, school_type in enumerate(types, start=1)
    ]
    return _with_main_schools(draw, schools)


def code_prefix(unit_code: str) -> str:
    """The unit's six digits; units without any get 99 and four digits of their own."""
    return unit_code if unit_code.isdigit() else f"99{crc32(unit_code.encode()) % 10_000:04d}"


def _published_types(unit_code: str) -> list[str]:
    return [kind for kind, number in PUBLISHED.get(unit_code, {}).items() for _ in range(number)]


def _types(draw: Random, size: int) -> list[str]:
    one_of_each = list(WEIGHTS)[:size]
    rest = draw.choices(list(WEIGHTS), list(WEIGHTS.values()), k=size - len(one_of_each))
    return one_of_each + rest


def _names(draw: Random, school_type: str) -> Iterator[str]:
    """Names without repetition: stems in random order, then 第一、第二 …"""
    forms = FORMS[school_type]
    if "{}" not in forms[0]:
        return chain(forms, (f"第{_ordinal(number)}{forms[0]}" for number in count(2)))
    pool = [form.format(stem) for form in forms for stem in STEMS]
    draw.shuffle(pool)
    return chain(pool, (forms[0].format(f"第{_ordinal(number)}") for number in count(1)))


def _ordinal(number: int) -> str:
    return ORDINALS[number - 1] if number <= len(ORDINALS) else str(number)


def _ownership(draw: Random, school_type: str) -> str:
    can_be_private = school_type not in {"教学点", "特殊教育学校"}
    return "民办" if can_be_private and draw.random() < 0.06 else "公办"


def _location(draw: Random, school_type: str, urban: int) -> str:
    if school_type == "教学点":
        return "乡村"
    others = 10 - urban
    return draw.choices(("城区", "镇区", "乡村"), (2 * urban, others, others))[0]


def _opened(draw: Random, first_year: int, last_year: int) -> int:
    """Nearly all stood from the first day; a few opened in a later year."""
    return draw.randint(first_year, last_year) if draw.random() < 0.08 else first_year


def _with_main_schools(draw: Random, schools: list[DemoSchool]) -> list[DemoSchool]:
    first_day = min(school.valid_from for school in schools)
    main = [
        school.code
        for school in schools
        if school.school_type == "小学"
        and school.ownership == "公办"
        and school.valid_from == first_day
    ]
    return [
        replace(school, attached_to=draw.choice(main))
        if school.school_type == "教学点" and main
        else school
        for school in schools
    ]


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
