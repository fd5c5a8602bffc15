"""What is seen at a school: a day or a reason, findings that come once, photos of them."""

import pytest
from django.http import Http404

from audit.models import Entry
from audit.refusals import NotAllowed, Stale, Unusable
from districts.models import User
from improvement.models import Finding, Photo, SchoolVisit, Visit
from improvement.services import visit_schools
from selfchecks import files
from selfchecks.contents import TooLarge
from selfchecks.services import evidence
from selfchecks.services.cleaning import clean_pictures
from tests.improvement.visiting.conftest import JPG, MORNING, PNG
from tests.selfchecks.test_evidence import with_place

LEDGER = {"kind": "evidence", "words": "培训台账没有签到表", "indicator": "B9"}


def test_a_photo_of_before_is_cleaned(
    visit: Visit, school: str, zhou_inspector: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    given = {"visit": visit, "school": school, **LEDGER, "by": zhou_inspector}
    with monkeypatch.context() as before:
        before.setattr(evidence, "as_kept", lambda content, _kind: content)
        visit_schools.add_finding(**given, photos=[("台账.jpg", with_place(JPG))])
    assert clean_pictures().cleaned == 1
    assert files.content_of(Photo.objects.get()) == JPG


def test_a_record_says_when_or_why_not(
    visit: Visit,
    school: str,
    zhou_inspector: User,
    sun_inspector: User,
) -> None:
    given = {"visit": visit, "school": school}
    with pytest.raises(Unusable, match="没有到校的，请写明原因"):
        visit_schools.record_school(**given, by=zhou_inspector)
    row = visit_schools.record_school(**given, visited_on=MORNING.date(), by=zhou_inspector)
    visit.refresh_from_db()
    assert (visit.state, visit.started_by) == ("visiting", zhou_inspector)
    seen = visit_schools.tag_of(row)
    more = visit_schools.record_school(
        **given, visited_on=MORNING.date(), words=" 看了操场 ", by=sun_inspector, expected=seen
    )
    assert (more.pk, more.words, more.recorded_by) == (row.pk, "看了操场", sun_inspector)
    with pytest.raises(Stale):
        visit_schools.record_school(
            **given, visited_on=MORNING.date(), by=zhou_inspector, expected=seen
        )


def test_days_that_cannot_be(visit: Visit, school: str, zhou_inspector: User) -> None:
    given = {"visit": visit, "school": school, "by": zhou_inspector}
    for day, sentence in ((24, "不能晚于今天"), (22, "不能早于抽样")):
        with pytest.raises(Unusable, match=sentence):
            visit_schools.record_school(**given, visited_on=MORNING.date().replace(day=day))
    assert not SchoolVisit.objects.exists()


def test_schools_that_were_not_drawn_are_not_found(
    visit: Visit,
    zhou_inspector: User,
) -> None:
    drawn = {*visit.sample.schools}
    (other,) = (row["code"] for row in visit.sample.frame if row["code"] not in drawn)
    for code in (other, "2999999999"):
        with pytest.raises(Http404):
            visit_schools.record_school(
                visit=visit, school=code, visited_on=MORNING.date(), by=zhou_inspector
            )


def test_a_finding_comes_once_with_its_photos(
    visit: Visit,
    school: str,
    zhou_inspector: User,
    sun_inspector: User,
) -> None:
    photos = [("台账.jpg", JPG), ("门口.png", PNG), ("又是台账.jpg", JPG)]
    given = {"visit": visit, "school": school, **LEDGER}
    finding = visit_schools.add_finding(**given, photos=photos, by=zhou_inspector)
    again = visit_schools.add_finding(**given, photos=photos, by=sun_inspector)
    assert again == finding
    assert finding.key == f"500106-2026-1/{school}/1"
    assert [photo.display_name for photo in finding.photos.all()] == ["台账.jpg", "门口.png"]
    assert files.content_of(Photo.objects.all()[0]) == JPG
    assert SchoolVisit.objects.get().visited_on == MORNING.date()
    entry = Entry.objects.latest("number")
    assert (entry.action, len(entry.changes["photos"])) == ("finding.add", 3)
    assert not [name for name in files.orphans() if name.startswith(visit_schools.FOLDER)]


def test_a_finding_is_taken_back_and_stays_on_record(
    visit: Visit,
    school: str,
    zhou_inspector: User,
    chen_officer: User,
) -> None:
    finding = visit_schools.add_finding(visit=visit, school=school, **LEDGER, by=zhou_inspector)
    with pytest.raises(NotAllowed):
        visit_schools.remove_finding(finding=finding, by=chen_officer)
    gone = visit_schools.remove_finding(finding=finding, by=zhou_inspector)
    assert gone.removed_by == zhou_inspector
    assert not finding.school.live.exists()
    new = visit_schools.add_finding(visit=visit, school=school, **LEDGER, by=zhou_inspector)
    assert new.number == 2
    assert Finding.objects.count() == 2


@pytest.mark.parametrize(
    ("said", "fields"),
    [
        ({"kind": "guess"}, {"kind"}),
        ({"indicator": "Z9"}, {"indicator"}),
        ({"words": "差"}, {"words"}),
        ({"words": ""}, {"words"}),
        ({"kind": "figure"}, {"reported", "found"}),
        ({"kind": "figure", "reported": "12 间"}, {"found"}),
    ],
)
def test_findings_that_say_too_little(
    visit: Visit,
    school: str,
    zhou_inspector: User,
    said: dict[str, str],
    fields: set[str],
) -> None:
    with pytest.raises(Unusable) as refused:
        visit_schools.add_finding(
            visit=visit, school=school, **{**LEDGER, **said}, by=zhou_inspector
        )
    assert {*refused.value.fields} == fields


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("说明.pdf", b"%PDF-1.7", "照片只收 JPG、PNG"),
        ("照片.jpg", PNG, "「照片.jpg」：文件内容与扩展名"),
        ("空.png", b"", "文件是空的"),
    ],
)
def test_other_files_are_no_photos(
    visit: Visit,
    school: str,
    zhou_inspector: User,
    name: str,
    content: bytes,
    sentence: str,
) -> None:
    with pytest.raises(Unusable, match=sentence) as refused:
        visit_schools.add_finding(
            visit=visit, school=school, **LEDGER, photos=[(name, content)], by=zhou_inspector
        )
    assert {*refused.value.fields} == {"photos"}
    assert not Finding.objects.exists()


def test_ten_photos_are_enough(visit: Visit, school: str, zhou_inspector: User) -> None:
    eleven = [(f"{place}.png", PNG + bytes([place])) for place in range(11)]
    with pytest.raises(TooLarge, match="最多 10 张"):
        visit_schools.add_finding(
            visit=visit, school=school, **LEDGER, photos=eleven, by=zhou_inspector
        )


def test_m19_there_is_a_limit_to_the_photos_of_a_visit(
    visit: Visit, school: str, zhou_inspector: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Those of a finding that was taken back stay on record, and count."""
    monkeypatch.setattr(visit_schools, "MOST_BYTES", len(JPG) + len(PNG))
    given = {"visit": visit, "school": school, **LEDGER, "by": zhou_inspector}
    first = visit_schools.add_finding(**given, photos=[("台账.jpg", JPG)])
    visit_schools.remove_finding(finding=first, by=zhou_inspector)
    again = visit_schools.add_finding(**given, photos=[("门口.png", PNG)])
    with pytest.raises(TooLarge, match="上限"):
        visit_schools.add_photo(finding=again, content=JPG, name="又是.jpg", by=zhou_inspector)
