"""Tables of schools and units: problems by row and column, changes before and after."""

import pytest

from districts.models import District, School
from districts.resources import DistrictResource, SchoolResource
from districts.services.schools import create_school

HEADER = "学校标识码,学校名称,区县,办学类型,举办者性质,城乡类型"
GOOD = "5001060001,实验一小,沙坪坝区,小学,公办,城区"


@pytest.fixture
def look(wu_manager):
    def _look(*rows, header=HEADER, resource=SchoolResource):
        text = "\n".join([header, *rows])
        table = resource(viewer=wu_manager)
        return table.look(table.read(text.encode(), "表.csv"))

    return _look


@pytest.fixture
def known(wu_manager, shapingba):
    return create_school(
        district=shapingba,
        by=wu_manager,
        code="5001060001",
        name="实验一小",
        school_type="小学",
        ownership="公办",
        location="城区",
    )


def told(look):
    return [(problem.row, problem.column) for problem in look.problems]


def test_a_good_file_says_what_is_new_and_stores_nothing(look):
    found = look(GOOD, "0001060002,实验二小,500106,小学,公办,镇区")
    assert [row.instance.code for row in found.changes if row.is_new()] == [
        "5001060001",
        "0001060002",
    ]
    assert not found.problems
    assert not School.objects.exists()


def test_before_and_after_of_a_known_school(look, known):
    found = look(GOOD.replace("实验一小", "实验小学"))
    assert [row.values for row in found.changes if row.is_update()] == [
        (("学校名称", "实验一小", "实验小学"),)
    ]
    again = look(GOOD)
    assert (again.changes, again.totals["skip"]) == ([], 1)


@pytest.mark.parametrize(
    ("row", "column", "words"),
    [
        ("2.15E+09，甲,沙坪坝区,小学,公办,城区", "学校标识码", "科学计数法"),
        ("50010600011,甲,沙坪坝区,小学,公办,城区", "学校标识码", "11 位"),
        ("500106001,甲,沙坪坝区,小学,公办,城区", "学校标识码", "可能丢了开头的 0"),
        ("50010A0001，甲,沙坪坝区,小学,公办,城区", "学校标识码", "10 位数字"),
        (",甲,沙坪坝区,小学,公办,城区", "学校标识码", "没有填"),
        ("5001060001,,沙坪坝区,小学,公办,城区", "学校名称", "没有填"),
        ("5001060001," + "甲" * 81 + ",沙坪坝区,小学,公办,城区", "学校名称", "80"),
        ("5001060001,甲,火星区,小学,公办,城区", "区县", "没有这个区县"),
        ("5001060001,甲,江北区,小学,公办,城区", "区县", "已撤并"),
        ("5001060001,甲,沙坪坝区,大学,公办,城区", "办学类型", "九年一贯制"),
        ("5001060001,甲,沙坪坝区,小学,国有,城区", "举办者性质", "公办、民办"),
        ("5001060001,甲,沙坪坝区,小学,公办,郊区", "城乡类型", "城区、镇区、乡村"),
    ],
)
def test_wrong_cells_are_told_by_row_and_column(look, row, column, words):
    problem = look(row).problems[0]
    assert (problem.row, problem.column) == (2, column)
    assert words in problem.sentence


def test_a_code_in_full_width_digits_is_read_and_told(look):
    found = look("５００１０６０００１,甲,沙坪坝区,小学,公办,城区")
    assert [row.instance.code for row in found.changes if row.is_new()] == ["5001060001"]
    assert any(note.startswith("A2") and "5001060001" in note for note in found.notes)


def test_all_problems_are_told_at_once(look):
    found = look("x,,y,z,公办,城区", GOOD, "5001060003,乙,沙坪坝区,小学,公办,")
    assert told(found) == [
        (2, "学校标识码"),
        (2, "学校名称"),
        (2, "区县"),
        (2, "办学类型"),
        (4, "城乡类型"),
    ]


def test_a_new_code_with_a_name_the_unit_has_is_remarked(look, known):
    """Most likely it is the same school under a code mistyped; elsewhere the name means nothing."""
    (note,) = look(GOOD.replace("0001,", "0007,")).notes
    assert "第 2 行" in note
    assert "沙坪坝区已有名为「实验一小」的学校（5001060001）" in note
    assert look(GOOD.replace("0001,", "0007,").replace("沙坪坝区", "铜梁区")).notes == ()
    assert look(GOOD).notes == ()


def test_doubles_in_the_file_name_the_first_row(look):
    problem = look(GOOD, GOOD).problems[0]
    assert (problem.row, problem.column) == (3, "学校标识码")
    assert "第 2 行" in problem.sentence


def test_a_code_registered_in_another_district_is_not_taken_over(look, known):
    problem = look(GOOD.replace("沙坪坝区", "铜梁区")).problems[0]
    assert problem.column == "学校标识码"
    assert "沙坪坝区" in problem.sentence


@pytest.mark.parametrize(
    ("header", "words"),
    [
        ("学校名称,区县,办学类型,举办者性质,城乡类型", "缺少列「学校标识码」"),
        (HEADER + ",校长", "不认识的列「校长」"),
        (HEADER + ",学校名称", "出现了两次：B1 和 G1"),
        ("甲，乙，丙", "缺少列"),
    ],
)
def test_wrong_columns_are_named(look, header, words):
    assert words in look(GOOD, header=header).problems[0].sentence


def test_headers_by_code_in_any_order_and_dates_in_any_writing(look):
    found = look(
        "城区,公办,小学,沙坪坝区,实验一小,5001060001,2026年9月1日",
        header="location,ownership,school_type,district,school_name,school_code,valid_from",
    )
    assert found.changes[0].instance.valid_from.isoformat() == "2026-09-01"


@pytest.mark.parametrize("text", ["2026-13-01", "明天", "20260901"])
def test_unreadable_dates_are_told(look, text):
    found = look(f"{GOOD},{text}", header=f"{HEADER},终止日")
    assert told(found) == [(2, "终止日")]


def test_an_end_before_its_beginning_is_told(look):
    found = look(f"{GOOD},2026-09-01,2026-08-31", header=f"{HEADER},起始日,终止日")
    assert told(found) == [(2, "终止日")]


def test_a_centre_may_stand_in_the_same_file_but_must_fit(look):
    header = HEADER + ",所属中心校标识码"
    point = "5001060009,村点,沙坪坝区,教学点,公办,乡村,5001060001"
    assert not look(point, GOOD + ",", header=header).problems
    assert told(look(point, header=header)) == [(2, "所属中心校标识码")]
    far = point.replace("沙坪坝区", "铜梁区")
    assert told(look(far, GOOD + ",", header=header)) == [(2, "所属中心校标识码")]


@pytest.mark.parametrize("rows", [[], [""], ["", "  "]])
def test_a_file_without_rows_is_told(look, rows):
    assert "没有数据" in look(*rows).problems[0].sentence


def test_looking_asks_as_often_for_two_rows_as_for_twenty(look, django_assert_num_queries):
    def rows(count):
        return [GOOD.replace("0001,", f"{n:04d},") for n in range(count)]

    with django_assert_num_queries(2):
        look(*rows(2))
    with django_assert_num_queries(2):
        look(*rows(20))


def test_units_are_changed_and_added_by_table(look):
    header = "代码,名称,全称,类型,区域,方格列,方格行"
    tongliang = District.objects.get(code="500151")
    place = f"{tongliang.tile_column},{tongliang.tile_row}"
    found = look(
        f"500151,铜梁区,重庆市铜梁区,区,主城都市区,{place}",
        "500199,试验区,试验区,功能区,主城都市区,9,7",
        header=header,
        resource=DistrictResource,
    )
    assert [row.values for row in found.changes if row.is_update()] == [
        (("全称", "铜梁区", "重庆市铜梁区"),)
    ]
    assert [row.instance.code for row in found.changes if row.is_new()] == ["500199"]


def test_units_do_not_share_names_or_tiles(look):
    header = "代码,名称,全称,类型,区域,方格列,方格行"
    found = look(
        "500199,铜梁区,试验区,功能区,主城都市区,2,5",
        "500198,新区,新区,功能区,主城都市区,九,7",
        header=header,
        resource=DistrictResource,
    )
    assert told(found) == [(2, "名称"), (2, "方格列"), (3, "方格列")]


def new(found):
    return [row.instance for row in found.changes if row.is_new()]


@pytest.mark.parametrize(
    "name", ["綦江区?河小学", "?河小学", "河小学?", "綦江\ufffd小学", "綦江？小学"]
)
def test_a_lost_character_in_a_name_is_asked_about(look, name):
    found = look(GOOD.replace("实验一小", name))
    assert [note for note in found.notes if note.startswith("B2") and "没能保存" in note]
    assert [school.name for school in new(found)] == [name]


@pytest.mark.parametrize(
    ("typed", "meant"),
    [("\u2f29学", "小学"), ("实验\u200b小学", "实验小学"), ("中\uf90a小学", "中金小学")],
)
def test_look_alikes_and_invisible_signs_are_put_right_and_told(look, typed, meant):
    found = look(GOOD.replace("实验一小", typed).replace(",小学,", ",\u2f29学,"))
    assert [(school.name, school.school_type) for school in new(found)] == [(meant, "小学")]
    assert {note[:2] for note in found.notes} == {"B2", "D2"}


@pytest.mark.parametrize("code", ['"=""5001060001"""', "５００１０６０００１", "'5001060001"])
def test_a_guarded_code_is_read_and_told(look, code):
    found = look(f"{code},实验一小,沙坪坝区,小学,公办,城区")
    assert [school.code for school in new(found)] == ["5001060001"]
    assert not found.problems
