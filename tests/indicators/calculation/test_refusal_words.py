"""The exact words of every refusal: what is wrong and what is expected, in Chinese."""

from typing import Any

import pytest

from indicators.calculation.intake import read_payload
from indicators.calculation.problems import UnusableInput
from indicators.calculation.rules_2017 import STANDARD_2017
from tests.indicators.calculation.builders import make_district, make_payload, make_school

LONG = "长" * 60
LONG_SHOWN = "长" * 39 + "…"


def words(payload: dict[str, Any], **limits: int) -> list[tuple[str, str, str]]:
    with pytest.raises(UnusableInput) as refused:
        read_payload(payload, STANDARD_2017, **limits)
    return [(item.pointer, item.detail, item.expected) for item in refused.value.problems]


PLAIN_NUMBER = "半角数字，不用千分位、下划线、科学计数法和单位"
KINDS = "小学、初中、九年一贯制、十二年一贯制、完全中学、教学点、特殊教育学校"


@pytest.mark.parametrize(
    ("changes", "detail", "expected"),
    [
        ({"pupils_primary": -1}, "小学在校生数为 -1，不能为负", "不小于 0"),
        ({"pupils_primary": 1_000_001}, "小学在校生数为 1000001，超过上限", "不超过 1000000"),
        (
            {"teaching_area": "100000000.01"},
            "教学及辅助用房面积为 100000000.01，超过上限",
            "不超过 100000000",
        ),
        (
            {"equipment_value": "1.23456"},
            "教学仪器设备资产值为 1.23456，小数超过 4 位",
            "最多 4 位小数",
        ),
        ({"art_rooms": "1.5"}, "美术专用教室数为 1.5，应为整数", "整数"),
        ({"art_rooms": "一间"}, "美术专用教室数「一间」不是规范的数字", PLAIN_NUMBER),
        ({"art_rooms": True}, "美术专用教室数应为数字，收到的是 true 或 false", "数字"),
        (
            {"art_rooms": "不适用"},
            "美术专用教室数不能填「不适用」",
            "数字；没有的填 0，未统计的留空",
        ),
        ({"pupils_senior": 3}, "小学没有高中学段，不应填写高中在校生数", "留空"),
        ({"school_code": 5}, "学校标识码应为文本，收到的是 5", "加引号的文本"),
        ({"school_code": "５"}, "学校标识码「５」不是 10 位数字", "10 位数字的文本"),
        ({"school_name": "长" * 201}, "学校名称超过 200 个字符", "不超过 200 个字符"),
        ({"school_name": "甲\t乙"}, "学校名称含有控制字符或残缺字符", "普通文本"),
        ({"school_type": LONG}, f"办学类型「{LONG_SHOWN}」不在可选范围内", KINDS),
        ({"location": "城市"}, "城乡类型「城市」不在可选范围内", "城区、镇区、乡村"),
        ({"boarding": 1}, "是否寄宿制「1」不在可选范围内", "是、否"),
        ({"school_name": " "}, "缺少学校名称", "填写学校名称"),
        ({LONG: 1}, f"没有「{LONG_SHOWN}」这个项目", "删去该项目，或改为规定的项目代码"),
        (
            {"teachers_trained": 121},
            "五年培训满360学时专任教师数（121）大于专任教师数（120）",
            "五年培训满360学时专任教师数不超过专任教师数",
        ),
        (
            {"indoor_sports_area": "20000.01"},
            "室内体育用房面积（20000.01）大于教学及辅助用房面积（20000.00）",
            "室内体育用房面积不超过教学及辅助用房面积",
        ),
    ],
)
def test_of_one_school(changes: dict[str, Any], detail: str, expected: str) -> None:
    (field,) = changes
    found = words(make_payload(make_school(1) | changes))
    assert found[0] == (f"/schools/0/{field}", detail, expected)


def test_of_a_school_without_pupils() -> None:
    school = make_school(1, pupils_primary=0, backbone_teachers_primary=None)
    school |= {"qualified_teachers_primary": 0, "classes_primary": 0}
    heads, classes = "核对在校生数和教师数", "核对在校生数和班级数"
    assert words(make_payload(school)) == [
        (
            "/schools/0/pe_arts_teachers_primary",
            "小学在校生数为 0，但小学体育、艺术专任教师数为 8",
            heads,
        ),
        ("/schools/0/largest_class_primary", "小学在校生数为 0，但小学最大班额为 44", classes),
        ("/schools/0/teachers", "全校在校生数为 0，但专任教师数为 120", heads),
    ]


def test_of_the_list_of_schools() -> None:
    twins = [make_school(1), make_school(2), make_school(2)]
    assert words(make_payload(*twins)) == [
        (
            "/schools/2/school_code",
            "学校标识码 5001060002 重复，第一次出现在第 2 所学校",
            "每所学校只出现一次",
        )
    ]
    assert words(make_payload(), max_schools=2) == [
        ("/schools", "共 3 所学校，超过一次测算的上限", "不超过 2 所")
    ]
    assert words({"standard": "2017"}) == [("/schools", "缺少学校数据", "填写学校数据")]
    assert words(make_payload() | {"schools": 1}) == [
        ("/schools", "这里应为学校列表", "JSON 数组"),
    ]


def test_of_the_payload_itself() -> None:
    payload = make_payload() | {"standard": "2012", "a/b": 1, LONG: 2, "year": 1999}
    assert words(payload) == [
        ("/a~1b", "没有「a/b」这个项目", "删去该项目，或改为规定的项目代码"),
        (f"/{LONG}", f"没有「{LONG_SHOWN}」这个项目", "删去该项目，或改为规定的项目代码"),
        ("/standard", "标准版本「2012」与测算所用规则不符", "2017"),
        ("/year", "年份「1999」不是规范的数字", PLAIN_NUMBER),
    ]
    del payload["standard"], payload["a/b"], payload[LONG], payload["year"]
    assert words(payload) == [("/standard", "缺少标准版本", "填写标准版本")]


@pytest.mark.parametrize(
    ("item", "value", "detail", "expected"),
    [
        ("B99.x", 1, "没有「B99.x」这个项目", "删去该项目，或改为规定的项目代码"),
        (
            "B11.exchanged",
            1001,
            "上年度实际交流轮岗教师数（1001）大于上年度符合交流条件教师数（1000）",
            "上年度实际交流轮岗教师数不超过上年度符合交流条件教师数",
        ),
        ("C9.数学.level", 5, "数学学业水平等级为 5，超过上限", "不超过 4"),
        ("C9.数学.difference", "1.1", "数学校际差异率为 1.1，超过上限", "不超过 1"),
        ("D1.家长.sample", -1, "家长样本数为 -1，不能为负", "不小于 0"),
        ("C1.graduates", 100_000_001, "初中毕业人数为 100000001，超过上限", "不超过 100000000"),
    ],
)
def test_of_district_items(item: str, value: object, detail: str, expected: str) -> None:
    payload = make_payload(district=make_district() | {item: value})
    assert words(payload) == [(f"/district/{item}", detail, expected)]


def test_of_answers() -> None:
    statements = {
        "B3": "达标",
        "B1": {"conclusion": "好", LONG: 1},
        "B2": {"note": "长" * 2001},
        "C6": 7,
    }
    vetoes = {"V9": "否", "V1": "无", "V2": {"raised": 0}}
    remove = "删去该项目，或改为规定的项目代码"
    plain = "达标、不达标、met、not_met"
    assert words(make_payload(qualitative=statements, veto=vetoes)) == [
        ("/qualitative/B3", "没有「B3」这个项目", remove),
        (f"/qualitative/B1/{LONG}", f"没有「{LONG_SHOWN}」这个项目", remove),
        ("/qualitative/B1", "自评结论「好」不认识", plain),
        ("/qualitative/B2/note", "说明超过 2000 个字符", "不超过 2000 个字符"),
        ("/qualitative/C6", "自评结论「7」不认识", f"{plain}、优秀、良好、合格、不合格"),
        ("/veto/V9", "没有「V9」这个项目", remove),
        ("/veto/V1", "一票否决项的回答「无」不认识", "是、否"),
        ("/veto/V2", "一票否决项的回答「0」不认识", "是、否"),
    ]


NOBODY = "本次数据中的学校标识码"
CASES = (
    "A3.shared_teachers、A5.extra_venues、B3.music_rooms、B3.art_rooms、"
    "B4.larger_limit、point.attached"
)


@pytest.mark.parametrize(
    ("row", "key", "detail", "expected"),
    [
        ({"case": "A9"}, "case", "特殊情形「A9」不认识", CASES),
        ({"case": None}, "case", "特殊情形「null」不认识", CASES),
        ({"school_code": "1"}, "school_code", "没有学校标识码为 1 的学校", NOBODY),
        ({"case": "point.attached", "to": "2"}, "to", "没有学校标识码为 2 的学校", NOBODY),
        (
            {"case": "A3.shared_teachers", "stage": "senior"},
            "stage",
            "学段「senior」不在可选范围内",
            "primary、junior",
        ),
        ({"evidence": None}, "evidence", "缺少佐证", "填写佐证"),
        ({"evidence": "长" * 201}, "evidence", "佐证超过 200 个字符", "不超过 200 个字符"),
        ({"evidence": "\x00"}, "evidence", "佐证含有控制字符或残缺字符", "普通文本"),
        ({"until": "2027"}, "until", "截止年份「2027」不是规范的数字", PLAIN_NUMBER),
        (
            {"until": 2027},
            "until",
            "特殊情形有截止年份，须同时给出测算年份",
            "在 year 中给出四位年份",
        ),
        ({"amount": -1}, "amount", "数量为 -1，不能为负", "不小于 0"),
        ({"amount": 1_000_001}, "amount", "数量为 1000001，超过上限", "不超过 1000000"),
        (
            {"case": "A5.extra_venues", "amount": "100000000.01"},
            "amount",
            "数量为 100000000.01，超过上限",
            "不超过 100000000",
        ),
        ({LONG: 1}, LONG, f"没有「{LONG_SHOWN}」这个项目", "删去该项目，或改为规定的项目代码"),
    ],
)
def test_of_special_cases(row: dict[str, Any], key: str, detail: str, expected: str) -> None:
    case = {"school_code": "5001060001", "case": "B3.art_rooms", "evidence": "批复"} | row
    payload = make_payload(make_school(1), special_cases=[case])
    assert words(payload) == [(f"/special_cases/0/{key}", detail, expected)]


def test_a_standard_that_is_a_number_is_to_be_text() -> None:
    found = words(make_payload(make_school(1), standard=2017))
    assert found == [("/standard", "标准版本应为文本，收到的是 2017", "加引号的文本")]
