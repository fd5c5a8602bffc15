"""Exact words for refusing input, and numbers read strictly as whole numbers of smallest steps."""

import json
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from figures.table import STAGE_LABELS, Figure

N_: Callable[[str], str] = str  # marks a sentence for the message catalogue

# code → (what is wrong, what is expected); both are templates over the problem's params.
TEXTS: dict[str, tuple[str, str]] = {
    "not_object": (N_("这里应为一组「项目: 值」"), N_("JSON 对象")),
    "not_list": (N_("这里应为学校列表"), N_("JSON 数组")),
    "too_many_schools": (N_("共 {found} 所学校，超过一次测算的上限"), N_("不超过 {limit} 所")),
    "wrong_standard": (N_("标准版本「{found}」与测算所用规则不符"), N_("{wanted}")),
    "unknown_field": (N_("没有「{name}」这个项目"), N_("删去该项目，或改为规定的项目代码")),
    "missing": (N_("缺少{label}"), N_("填写{label}")),
    "not_text": (N_("{label}应为文本，收到的是 {found}"), N_("加引号的文本")),
    "unfit_text": (N_("{label}含有控制字符或残缺字符"), N_("普通文本")),
    "too_long": (N_("{label}超过 {limit} 个字符"), N_("不超过 {limit} 个字符")),
    "bad_school_code": (N_("学校标识码「{found}」不是 10 位数字"), N_("10 位数字的文本")),
    "duplicate": (
        N_("学校标识码 {found} 重复，第一次出现在第 {first} 所学校"),
        N_("每所学校只出现一次"),
    ),
    "not_choice": (N_("{label}「{found}」不在可选范围内"), N_("{choices}")),
    "is_boolean": (N_("{label}应为数字，收到的是 true 或 false"), N_("数字")),
    "not_number": (
        N_("{label}「{found}」不是规范的数字"),
        N_("半角数字，不用千分位、下划线、科学计数法和单位"),
    ),
    "negative": (N_("{label}为 {found}，不能为负"), N_("不小于 0")),
    "not_whole": (N_("{label}为 {found}，应为整数"), N_("整数")),
    "too_many_places": (
        N_("{label}为 {found}，小数超过 {places} 位"),
        N_("最多 {places} 位小数"),
    ),
    "too_large": (N_("{label}为 {found}，超过上限"), N_("不超过 {limit}")),
    "not_asked": (
        N_("{type}没有{stage}学段，不应填写{label}"),
        N_("留空"),
    ),
    "may_apply": (N_("{label}不能填「不适用」"), N_("数字；没有的填 0，未统计的留空")),
    "teachers_without_pupils": (
        N_("{stage}在校生数为 0，但{label}为 {found}"),
        N_("核对在校生数和教师数"),
    ),
    "classes_without_pupils": (
        N_("{stage}在校生数为 0，但{label}为 {found}"),
        N_("核对在校生数和班级数"),
    ),
    "part_exceeds_whole": (
        N_("{part}（{found}）大于{whole}（{limit}）"),
        N_("{part}不超过{whole}"),
    ),
    "parts_exceed_whole": (
        N_("{parts}合计 {found}，大于{whole}（{limit}）"),
        N_("{parts}之和不超过{whole}"),
    ),
    "other_organiser": (
        N_("举办者类型「{found}」与举办者性质「{ownership}」不符"),
        N_("民办学校填「民办」，公办学校填其余九类之一"),
    ),
    "bad_conclusion": (N_("自评结论「{found}」不认识"), N_("{choices}")),
    "bad_veto": (N_("一票否决项的回答「{found}」不认识"), N_("是、否")),
    "bad_case": (N_("特殊情形「{found}」不认识"), N_("{choices}")),
    "unknown_school": (N_("没有学校标识码为 {found} 的学校"), N_("本次数据中的学校标识码")),
    "no_prices": (N_("没有任何措施的价格，做不了增配方案"), N_("在 prices 中按指标给出单价（元）")),
    "not_positive": (N_("{label}为 {found}，应大于 0"), N_("大于 0 的数")),
    "bad_measures": (N_("measures 应为措施列表"), N_("JSON 数组，不超过 {limit} 项")),
    "same_measure": (N_("措施代码「{found}」重复"), N_("每种措施一个代码")),
    "bad_raises": (N_("措施「{found}」没有写对提高哪些指标"), N_("{choices}")),
    "mixed_measure": (N_("措施「{found}」同时提高几项设施指标"), N_("设施措施只提高一项指标")),
    "unknown_measure": (N_("没有代码为「{found}」的措施"), N_("prices 或 measures 中的代码")),
    "bad_amount": (
        N_("{school}的「{measure}」的{label}为 {found}"),
        N_("0 到一万亿的数；人和间为整数"),
    ),
    "bad_forbidden": (N_("{school}不能采取的措施没有列成列表"), N_("JSON 数组，每项一个措施代码")),
    "locked_beyond_cap": (
        N_("{school}的「{measure}」锁定 {found}，超过上限 {limit}"),
        N_("不超过上限，或放开锁定"),
    ),
    "locked_move": (
        N_("{school}的「交流轮岗」不能锁定，没有写明人从哪所学校来"),
        N_("设上限或不许；定了的调动，请改两所学校的教师数"),
    ),
    "no_move_price": (N_("没有交流轮岗的单价"), N_("在 measures 中给出 move 的单价，每人多少元")),
    "bad_years": (N_("年数写的是「{found}」"), N_("1 到 {limit} 的整数，或各年的列表")),
    "cannot_plan": (N_("{school}缺少{label}，判定不了，做不了增配方案"), N_("先填报{label}")),
    "nothing_to_plan": (N_("没有参加七项资源配置指标测算的学校"), N_("至少一所")),
    "unpriced_measure": (N_("「{measure}」没有单价"), N_("先填写它的单价，或在前面加一项改动给出")),
    "bad_changes": (N_("changes 应为改动列表"), N_("JSON 数组，不超过 {limit} 项")),
    "bad_change": (N_("改动「{found}」不认识"), N_("{choices}")),
    "same_school": (N_("{school}不能并入或转入自己"), N_("另一所学校")),
    "cannot_merge": (
        N_("{school}与{other}不能合并，其中一所是特殊教育学校"),
        N_("两所普通学校，或两所特殊教育学校"),
    ),
    "not_taught": (N_("{school}没有{stage}学段"), N_("有这个学段的学校")),
    "too_few": (N_("{school}的{label}只有 {found}，调不出 {asked}"), N_("不超过 {found}")),
    "out_of_range": (N_("{label}为 {found}，超出范围"), N_("{least} 到 {most}")),
    "not_day": (N_("{label}「{found}」不是日期"), N_("形如 2027-12-31 的日期")),
    "year_needed": (N_("特殊情形有截止年份，须同时给出测算年份"), N_("在 year 中给出四位年份")),
}


@dataclass(frozen=True, slots=True)
class Problem:
    """One reason to refuse: ``pointer`` as in RFC 6901, ``code`` a key of ``TEXTS``.

    Whoever translates takes ``template`` and ``expected_template`` and formats them with
    ``params``; ``detail`` and ``expected`` are the Chinese sentences. ``whose`` among the params
    is the school or measure it is about, and stands before the sentence.
    """

    pointer: str
    code: str
    params: dict[str, Any] = field(default_factory=dict)

    @property
    def template(self) -> str:
        """What is wrong, before its params are filled in."""
        return TEXTS[self.code][0]

    @property
    def expected_template(self) -> str:
        """What is expected, before its params are filled in."""
        return TEXTS[self.code][1]

    @property
    def detail(self) -> str:
        """What is wrong, in Chinese."""
        found = self.template.format(**self.params)
        return f"{whose}：{found}" if (whose := self.params.get("whose")) else found

    @property
    def expected(self) -> str:
        """What is expected, in Chinese."""
        return self.expected_template.format(**self.params)


class Problems(list[Problem]):
    """Everything wrong with a payload, growing while it is read."""

    def add(self, pointer: str, code: str, **params: Any) -> None:
        self.append(Problem(pointer, code, params))


class UnusableInput(ValueError):
    """The payload was refused; ``problems`` holds every reason."""

    def __init__(self, problems: list[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__(";".join(f"{p.pointer} {p.detail}" for p in self.problems[:20]))


class Unreadable(ValueError):
    """One value was refused: ``code`` and ``params`` of the problem it makes."""

    def __init__(self, code: str, **params: Any) -> None:
        super().__init__(code)
        self.code, self.params = code, params

    def about(self, figure: Figure, school_type: str = "") -> dict[str, Any]:
        """The params with the words of the figure that was to be read."""
        stage = STAGE_LABELS.get(figure.stage or "", "")
        return {"label": figure.label, "type": school_type, "stage": stage, **self.params}


class Labels(tuple[str, ...]):
    """Several labels in one sentence; each is translated by itself."""

    def __str__(self) -> str:
        return "、".join(self)


def shown(value: object) -> str:
    """A received value as its sender wrote it, in JSON, short enough for a sentence."""
    if isinstance(value, int) and abs(value) >= 10**30:
        return N_("超过 30 位的整数")
    is_plain = isinstance(value, str | Decimal)
    in_json = json.dumps(value, ensure_ascii=False, skipkeys=True, default=str)
    text = _storable(str(value) if is_plain else in_json)
    return text if len(text) <= 40 else text[:39] + "…"


def _storable(text: str) -> str:
    """Halves of surrogate pairs become question marks: an answer could not be encoded with them."""
    return text.encode("utf-8", "replace").decode()


def escape(name: object) -> str:
    """A key as part of a JSON pointer (RFC 6901)."""
    return _storable(str(name)).replace("~", "~0").replace("/", "~1")


_PLAIN = re.compile(r"(-?)([0-9]{1,20})(?:\.([0-9]{1,20}))?")


def read_steps(value: object, places: int, largest: int) -> int:
    """A number as whole steps of 10^-places, e.g. ``"12.5"`` with 2 places → 1250.

    Takes whole numbers, plain decimal text and JSON floats (by their shortest text); raises
    Unreadable for anything else, below zero, finer than ``places`` or above ``largest``.
    """
    steps = value * 10**places if type(value) is int else _parse(value, places)
    if steps < 0:
        raise Unreadable("negative", found=shown(value))
    if steps > largest * 10**places:
        raise Unreadable("too_large", found=shown(value), limit=largest)
    return steps


def _parse(value: object, places: int) -> int:
    if isinstance(value, bool):
        raise Unreadable("is_boolean")
    plain = _PLAIN.fullmatch(str(value)) if isinstance(value, str | float | Decimal) else None
    if plain is None:
        raise Unreadable("not_number", found=shown(value))
    sign, whole, fraction = plain.groups("")
    fraction = fraction.rstrip("0")
    if len(fraction) > places:
        code = "too_many_places" if places else "not_whole"
        raise Unreadable(code, found=shown(value), places=places)
    return int(sign + whole + fraction.ljust(places, "0"))


def write_steps(steps: int, places: int) -> str:
    """Steps back as text with all its places; zero is ``"0"``."""
    if not places or not steps:
        return str(steps)
    return set_point(steps, places)


def set_point(steps: int, places: int) -> str:
    """Whole steps, not below zero, with the decimal point before the last ``places`` digits."""
    digits = str(steps).zfill(places + 1)
    return f"{digits[:-places]}.{digits[-places:]}"


def write_decimal(number: Decimal, least_places: int = 0) -> str:
    """A decimal without needless zeros, with at least ``least_places`` decimals."""
    text = format(number.normalize(), "f")
    have = len(text.partition(".")[2])
    if have >= least_places:
        return text
    return format(number, f".{least_places}f")


def write_ratio(numerator: int, denominator: int) -> str:
    """A quotient of whole numbers with six places, half up."""
    return set_point((numerator * 2_000_000 + denominator) // (2 * denominator), 6)
