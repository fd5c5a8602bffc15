"""The ledger takes in what was found, each thing once."""

from datetime import date
from decimal import Decimal

import pytest

from audit.models import Entry
from audit.refusals import Unusable
from districts.models import District, School, User
from improvement.models import Problem
from improvement.services.ledger import found


def test_what_was_found_stands_in_the_ledger_with_its_history(
    shapingba: District, schools: list[School], zhou_inspector: User
) -> None:
    row = found(
        by=zhou_inspector,
        district=shapingba,
        source="visit",
        key="visit-1-2",
        words="操场在施工",
        indicator="A5",
        school_code=schools[0].code,
        found="900",
        required="1000",
        gap=Decimal(100),
        unit="㎡",
        due_on=date(2026, 12, 31),
    )
    assert (row.state, row.kind, row.school_name) == ("open", "evidence", schools[0].name)
    (entry,) = row.entries.all()
    assert (entry.step, entry.to_state, entry.actor_name) == ("find", "open", "周岚")
    written = Entry.objects.order_by("-number")[0]
    assert (written.action, written.district_code) == ("problem.find", "500106")
    assert set(written.seals) >= {"improvement.problem", "improvement.problementry"}


def test_the_same_thing_is_found_once(shapingba: District, zhou_inspector: User) -> None:
    one, other = (
        found(by=zhou_inspector, district=shapingba, source="visit", key="x", words=words)
        for words in ("缺录像", "缺照片")
    )
    assert one == other
    assert Problem.objects.get().words == "缺录像"


@pytest.mark.parametrize(
    ("said", "field"),
    [({"words": " "}, "__all__"), ({"source": "rumour"}, "source"), ({"kind": "guess"}, "kind")],
)
def test_what_says_nothing_is_refused(
    said: dict[str, str], field: str, shapingba: District, zhou_inspector: User
) -> None:
    given = {"source": "visit", "key": "x", "words": "缺录像", **said}
    with pytest.raises(Unusable) as refusal:
        found(by=zhou_inspector, district=shapingba, **given)  # type: ignore[arg-type]
    assert field in refusal.value.fields


def test_a_school_of_another_district_is_refused(
    tongliang: District, schools: list[School], zhou_inspector: User
) -> None:
    with pytest.raises(Unusable, match="铜梁区没有学校标识码"):
        found(
            by=zhou_inspector,
            district=tongliang,
            source="visit",
            key="x",
            words="缺录像",
            school_code=schools[0].code,
        )
