"""A round of a race begins where the first began, whatever the one before has written."""

from districts.models import District, Township, User
from tests.conftest import TODAY
from tests.rounds import begin_here, rounds
from tests.selfchecks.test_concurrency import RACES

pytestmark = RACES


def seen(person: User) -> tuple[str, int, int]:
    name = User.objects.get(pk=person.pk).display_name
    return name, User.objects.count(), Township.objects.count()


def test_what_was_changed_added_and_removed_is_undone(
    chen_officer: User, zhao_signatory: User, shapingba: District
) -> None:
    found, towns = [], Township.objects.count()
    for _round in rounds(3):
        found.append(seen(chen_officer))
        User.objects.filter(pk=chen_officer.pk).update(display_name="陈静怡")
        Township.objects.create(district=shapingba, name="某镇", valid_from=TODAY)
        User.objects.filter(pk=zhao_signatory.pk).delete()
    assert found == [("陈静", 2, towns)] * 3


def test_later_rounds_begin_where_the_first_has_come_to(chen_officer: User) -> None:
    found = []
    for number in rounds(3):
        if not number:
            User.objects.filter(pk=chen_officer.pk).update(display_name="陈静怡")
            begin_here()
        found.append(seen(chen_officer)[0])
        User.objects.filter(pk=chen_officer.pk).update(display_name="别名")
    assert found == ["陈静怡"] * 3
