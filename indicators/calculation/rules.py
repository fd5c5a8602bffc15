"""What one version of the standard asks, as plain data the calculation reads."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from decimal import Decimal, InvalidOperation
from fractions import Fraction
from functools import lru_cache
from math import lcm
from types import UnionType
from typing import Any, get_args, get_origin, get_type_hints

from figures.table import OPTIONAL_VETO_ITEMS, STAGE_LABELS, STAGES_OF_TYPE, VETO_ITEMS
from indicators.calculation.problems import write_decimal
from indicators.calculation.scheme import CODES, STAGES

# Versions of the calculation. Rules of an earlier one stay as they were written and are judged
# as they were: what a later engine reads in addition has, for them, the value that changes nothing.
ENGINES = ("1", "2")
WEIGHTINGS = ("pupils", "none")
COMPARISONS = ("<", "<=")
ACCOUNTS = ("budget", "final")
INTAKES = ("place", "stage")
SPECIAL_CASES = (
    "A3.shared_teachers",
    "A5.extra_venues",
    "B3.music_rooms",
    "B3.art_rooms",
    "B4.larger_limit",
)
# Every other number a version has, by name, and what 教督〔2017〕6号 asks.
LIMITS = {
    "A3.small_from": "50",
    "A3.small_below": "100",
    "B3.classes_per_room": "12",
    "B3.music_area": "96",
    "B3.art_area": "90",
    "B3.older_music_area": "73",
    "B3.older_art_area": "67",
    "B3.small_class_size": "30",
    "B3.small_area_primary": "54",
    "B3.small_area_junior": "61",
    "B4.one_stage": "2000",
    "B4.several_stages": "2500",
    "B4.larger_one_stage": "2400",
    "B4.larger_several_stages": "3000",
    "B5.primary": "45",
    "B5.junior": "50",
    "B6.pupils": "100",
    "B7.special_budget": "6000",
    "B8.pay_ratio": "1",
    "B9.trained": "1",
    "B11.exchanged": "0.10",
    "B11.backbone": "0.20",
    "B12.certified": "1",
    "B13.urban": "1",
    "B13.town": "0.95",
    "B14.allocated": "0.50",
    "B15.enrolled": "0.85",
    "C1.retained": "0.95",
    "C2.enrolled": "0.95",
    "C4.training": "0.05",
    "C9.level": "3",
    "C9.difference": "0.15",
    "D1.satisfied": "0.85",
    "D1.z": "1.96",
}
# Engine → the numbers and the settings it reads beside those of the engines before it.
LATER_LIMITS = {
    "2": {
        "B7.advised": "7000",
        "B7.advised_from": "2025",
        "B13.primary": "1",
        "B13.junior": "0.95",
    }
}
LATER_SETTINGS = {
    "2": (
        *("engine", "coefficient_digits", "rate_digits", "nearby_intake_by"),
        *("optional_veto", "cases_from", "cases_until"),
    )
}
_exact = lru_cache(maxsize=1024)(Fraction)  # each unit asks for the same few numbers


@dataclass(frozen=True, slots=True)
class Rules:
    """Thresholds and settings of one version of the standard (教督〔2017〕6号 and its practice).

    ``thresholds`` are per indicator A1–A7 and stage, in the indicator's own unit; a unit meets the
    school rule with ``required_met`` of seven met and none below ``floor_ratio`` of its threshold.
    ``dispersion_limits`` bound 差异系数 per stage; ``weighting`` is by pupils or none.
    ``shown_digits`` is how many decimals are usually published, for 临界 only.
    ``split_weights`` divide the facilities of a school among its stages, per school type.
    A 教学点 whose pupils are ``point_comparison`` ``point_limit`` is left out of part A; with
    ``attached_points`` it may instead be counted with its 中心校. ``special_cases`` lists those in
    force. ``training_accounts`` says which accounts the two amounts of C4 come from.
    ``monitored_subjects`` must all be reported for C9 (none named: those reported).
    ``exempt_types`` are school types an indicator does not cover. ``limits`` are all other numbers.

    Since engine 2: ``coefficient_digits`` and ``rate_digits`` are published of coefficients and of
    percentages. ``nearby_intake_by`` says whether B13 asks by place (城区, 镇区) or by stage over
    both. ``optional_veto`` are veto items asked beside the usual ones. Special cases count in the
    years ``cases_from`` to ``cases_until`` only.
    """

    standard: str
    thresholds: dict[str, dict[str, Decimal]]
    floor_ratio: Decimal
    required_met: int
    dispersion_limits: dict[str, Decimal]
    weighting: str
    shown_digits: int
    split_weights: dict[str, dict[str, Decimal]]
    point_limit: int
    point_comparison: str
    attached_points: bool
    special_cases: tuple[str, ...]
    training_accounts: str
    monitored_subjects: tuple[str, ...]
    exempt_types: dict[str, tuple[str, ...]]
    limits: dict[str, Decimal]
    engine: str = ENGINES[0]
    coefficient_digits: int | None = None
    rate_digits: int | None = None
    nearby_intake_by: str = INTAKES[0]
    optional_veto: tuple[str, ...] = ()
    cases_from: int | None = None
    cases_until: int | None = None

    def __post_init__(self) -> None:
        faults = [text for text, holds in _claims(self) if not holds]
        if faults:
            raise ValueError("标准设置有误:" + ";".join(faults))

    def threshold(self, code: str, stage: str) -> Fraction:
        """达标值 of one indicator in one stage."""
        return Fraction(self.thresholds[code][stage])

    def limit(self, name: str) -> Fraction:
        """One of ``limits_of`` the engine as an exact number."""
        return _exact(self.limits[name])

    @property
    def veto_items(self) -> tuple[str, ...]:
        """All veto items a district must answer."""
        return (*VETO_ITEMS, *self.optional_veto)

    def whole_weights(self, school_type: str) -> dict[str, int]:
        """Split weights as whole numbers in the same proportion, 小学 first in whatever order they
        were kept; empty when nothing is split."""
        weights = self.split_weights.get(school_type, {})
        exact = {stage: Fraction(weights[stage]) for stage in STAGE_LABELS if stage in weights}
        scale = lcm(*(weight.denominator for weight in exact.values()))
        return {stage: int(weight * scale) for stage, weight in exact.items()}

    def to_dict(self) -> dict[str, Any]:
        """JSON-safe, decimals as strings; ``from_dict`` gives back an equal object."""
        return {name: _plain(getattr(self, name)) for name in settings_of(self.engine)}

    @classmethod
    def from_dict(cls, stored: Mapping[str, Any]) -> "Rules":
        """Read ``to_dict`` output; ValueError names what is missing, unknown or unreadable."""
        known = settings_of(stored.get("engine", ENGINES[0]))
        hints = {name: hint for name, hint in get_type_hints(cls).items() if name in known}
        odd = sorted(hints.keys() ^ stored.keys())
        if odd:
            raise ValueError("标准设置缺少或多出:" + "、".join(odd))
        return cls(**{name: _read(hint, stored[name], name) for name, hint in hints.items()})


def limits_of(engine: str) -> dict[str, str]:
    """The numbers an engine reads, by name, and what the standard asks."""
    later = (LATER_LIMITS[each] for each in _later(engine))
    return LIMITS | {name: value for numbers in later for name, value in numbers.items()}


def settings_of(engine: str) -> tuple[str, ...]:
    """The settings rules for an engine are written with, in order."""
    later = {name for each in ENGINES[1:] for name in LATER_SETTINGS[each]}
    own = {name for each in _later(engine) for name in LATER_SETTINGS[each]}
    return tuple(field.name for field in fields(Rules) if field.name not in later - own)


def _later(engine: str) -> tuple[str, ...]:
    """Engines after the first, up to this one. Raises ValueError for one we do not have."""
    if engine not in ENGINES:
        raise ValueError(f"标准设置的测算程序 {engine!r} 不认识,应为 {'、'.join(ENGINES)} 之一")
    return ENGINES[1 : ENGINES.index(engine) + 1]


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, tuple):
        return list(value)
    # Equal rules write equal text, wherever their numbers were kept: 0.50 is 0.5.
    return write_decimal(value) if isinstance(value, Decimal) else value


def _read(hint: Any, value: Any, name: str) -> Any:
    origin = get_origin(hint)
    if origin is UnionType:
        return None if value is None else _read(get_args(hint)[0], value, name)
    if origin is dict and isinstance(value, Mapping):
        return {key: _read(get_args(hint)[1], item, f"{name}.{key}") for key, item in value.items()}
    if origin is tuple and isinstance(value, list | tuple):
        return tuple(_read(get_args(hint)[0], item, name) for item in value)
    if hint is Decimal and isinstance(value, str | Decimal):
        return _read_decimal(value, name)
    if isinstance(hint, type) and type(value) is hint:
        return value
    raise ValueError(f"标准设置 {name} 的值 {value!r} 类型不对")


def _read_decimal(value: str | Decimal, name: str) -> Decimal:
    try:
        number = Decimal(value)
    except InvalidOperation:
        raise ValueError(f"标准设置 {name} 的值 {value!r} 不是数字") from None
    if not number.is_finite():
        raise ValueError(f"标准设置 {name} 的值 {value!r} 不是数字")
    return number


def _claims(rules: Rules) -> list[tuple[str, bool]]:
    """What must hold for rules to be usable, each with the words for when it does not."""
    digits = (rules.shown_digits, rules.coefficient_digits, rules.rate_digits)
    window = (rules.cases_from, rules.cases_until)
    per_stage = all(rules.thresholds.get(code, {}).keys() == set(STAGES) for code in CODES)
    return [
        ("达标值须覆盖 A1–A7 的小学和初中", per_stage and len(rules.thresholds) == len(CODES)),
        ("达标值须大于零", all(v > 0 for row in rules.thresholds.values() for v in row.values())),
        ("底线比例须大于 0 且不超过 1", 0 < rules.floor_ratio <= 1),
        ("须达标项数须在 0 到 7 之间", 0 <= rules.required_met <= len(CODES)),
        ("差异系数限值须覆盖小学和初中", rules.dispersion_limits.keys() == set(STAGES)),
        ("差异系数限值须大于零", all(v > 0 for v in rules.dispersion_limits.values())),
        ("加权方式须为 pupils 或 none", rules.weighting in WEIGHTINGS),
        ("公布小数位须在 0 到 6 之间", all(0 <= each <= 6 for each in digits if each is not None)),
        ("拆分权重须覆盖各类多学段学校的各学段且大于零", _splits_are_whole(rules.split_weights)),
        ("教学点人数界限不能为负", rules.point_limit >= 0),
        ("教学点比较方式须为 < 或 <=", rules.point_comparison in COMPARISONS),
        ("特殊情形代码不认识", set(rules.special_cases) <= set(SPECIAL_CASES)),
        ("培训经费口径须为 budget 或 final", rules.training_accounts in ACCOUNTS),
        ("限值项目须齐全且无多余", rules.limits.keys() == limits_of(rules.engine).keys()),
        ("限值不能为负", all(value >= 0 for value in rules.limits.values())),
        ("就近入学的口径须为 place 或 stage", rules.nearby_intake_by in INTAKES),
        ("可选的一票否决项不认识", set(rules.optional_veto) <= set(OPTIONAL_VETO_ITEMS)),
        ("特殊情形适用年份须成对,且先后不颠倒", _is_window(*window)),
        ("有些设置在所用测算程序里还没有", _is_of_its_engine(rules)),
    ]


def _is_window(first: int | None, last: int | None) -> bool:
    return first == last if first is None or last is None else first <= last


def _is_of_its_engine(rules: Rules) -> bool:
    """What an engine does not read is not set: nobody shall believe that it holds."""
    own = settings_of(rules.engine)
    return all(getattr(rules, f.name) == f.default for f in fields(rules) if f.name not in own)


def _splits_are_whole(split_weights: Mapping[str, Mapping[str, Decimal]]) -> bool:
    shared = {kind for kind, taught in STAGES_OF_TYPE.items() if len(taught) > 1}
    return split_weights.keys() == shared - {"特殊教育学校"} and all(
        weights.keys() == set(STAGES_OF_TYPE[kind]) and min(weights.values()) > 0
        for kind, weights in split_weights.items()
    )
