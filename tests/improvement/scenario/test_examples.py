"""Thoughts made up from a district's figures can all be made, and say which schools they take."""

from improvement.scenario.changes import apply_changes, read_changes
from improvement.scenario.examples import examples
from indicators.calculation.evaluate import evaluate
from tests.indicators.calculation.builders import make_payload, make_school

DISTRICT = make_payload(
    make_school(1, pupils_primary=900),
    make_school(2, pupils_primary=300),
    make_school(3, "初中"),
    make_school(4, "教学点", pupils_primary=60),
)


def test_every_thought_can_be_made_and_is_judged() -> None:
    found = {each.name: each.changes for each in examples(DISTRICT)}
    assert len(found) == 6
    for changes in found.values():
        after = apply_changes(DISTRICT, read_changes(changes))
        assert evaluate({key: after[key] for key in DISTRICT}).digest
    (closing,) = found["撤并最小的教学点"]
    assert (closing["school_code"], closing["into"]) == ("5001060004", "5001060001")
    (merging,) = found["合并成九年一贯制学校"]
    assert (merging["school_code"], merging["into"]) == ("5001060002", "5001060003")
    assert [row.get("pupils") for row in found["新建一所小学分流"][1:]] == [450, 450]


def test_without_such_schools_there_is_no_such_thought() -> None:
    names = [each.name for each in examples(make_payload(make_school(1, "初中")))]
    assert names == ["明年学生数", "运动场地单价上涨"]
