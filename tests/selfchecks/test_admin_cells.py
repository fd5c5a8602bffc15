"""A remark on any cell of the workbook, by the address people read in their own window."""

from typing import Any

import pytest

from districts.models import School, User
from selfchecks.models import ReviewComment, SelfCheck
from tests.selfchecks.test_admin_review import address, send


def test_a_remark_on_any_cell_takes_its_address_and_one_button(
    reach: Any, self_check: SelfCheck, schools: list[School], zhou_inspector: User, signed_in: Any
) -> None:
    reach("in_review")
    client = signed_in(zhou_inspector)
    page = client.get(address(self_check, part="threads")).content.decode()
    assert 'name="target"' in page
    record = self_check.school_records.get(school_code=schools[0].code)
    cell = record.cells["teaching_area"]
    typed = {"part": "threads", "text": "请附房产证", "target": f"学校数据！{cell.lower()}"}
    assert send(client, self_check, "keep", **typed).status_code == 302
    remark = ReviewComment.objects.get()
    assert (remark.school_code, remark.field) == (schools[0].code, "teaching_area")
    assert (remark.sheet, remark.cell) == ("学校数据", cell)


@pytest.mark.parametrize("target", ["", "学校数据!ZZ9999", "别的表!A1", "A1:B2", "=1+1"])
def test_a_remark_on_no_cell_is_refused_with_the_text_kept(
    reach: Any, self_check: SelfCheck, zhou_inspector: User, signed_in: Any, target: str
) -> None:
    reach("in_review")
    typed = {"part": "threads", "text": "请附房产证", "target": target}
    answer = send(signed_in(zhou_inspector), self_check, "keep", **typed)
    assert answer.status_code == 422
    assert "请附房产证</textarea>" in answer.content.decode()
    assert not ReviewComment.objects.exists()


def test_a_cell_of_the_districts_own_sheet_is_found_too(
    reach: Any, self_check: SelfCheck, zhou_inspector: User, signed_in: Any
) -> None:
    reach("in_review")
    row = self_check.district_records.exclude(cell="").first()
    typed = {"part": "threads", "text": "请核对", "target": f"{row.sheet}!{row.cell}"}
    answer = send(signed_in(zhou_inspector), self_check, "keep", **typed)
    assert answer.status_code == 302
    assert ReviewComment.objects.get().field == row.item
