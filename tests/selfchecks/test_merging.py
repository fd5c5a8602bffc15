"""A whole merger in the admin: looked at, then one press ends the unit and moves all totals."""

import pytest

from districts.models import District, Succession
from schedule.services.reading import position_on, today
from selfchecks.models import Notice
from tests.reader import words

pytestmark = pytest.mark.usefixtures("reference")
ADD = "/admin/districts/succession/add/"


def test_one_previewed_step_moves_everything(
    self_check, chen_officer, wu_manager, signed_in, client
) -> None:
    unit = self_check.district  # 沙坪坝区; that it goes into 九龙坡区 is made up
    manager = signed_in(wu_manager)
    form = {
        "predecessor": unit.pk,
        "successor": District.objects.get(code="500107").pk,
        "date": today().isoformat(),
        "kind": "whole",
        "description": "演示:整体并入九龙坡区",
    }
    page = manager.post(ADD, form)
    seen = words(page)
    assert "还没有保存" in seen
    assert "现行口径：现在 39 个单位" in seen
    assert "之后 38 个单位" in seen
    assert f"自查 {self_check.reference}（现在「草稿」）终止" in seen
    assert not Succession.objects.filter(predecessor=unit).exists()
    shown = page.context["adminform"].form.data["shown"]
    assert manager.post(ADD, {**form, "shown": shown}).status_code == 302
    unit.refresh_from_db()
    self_check.refresh_from_db()
    assert (unit.exists_on(today()), self_check.state) == (False, "closed")
    assert position_on(today(), "current").progress.units == 38
    assert position_on(today()).progress.units == 41
    told = Notice.objects.filter(recipient=chen_officer, kind="step.close").get()
    assert told.params["comment"] == "演示:整体并入九龙坡区"
    change = Succession.objects.get(predecessor=unit)
    address = f"/admin/districts/succession/{change.pk}/change/"
    form = {"doing": "withdraw", "reason": "登记有误,撤回", "description": change.description}
    assert manager.post(address, form).status_code == 302
    assert District.objects.get(pk=unit.pk).valid_to is None
    assert position_on(today(), "current").progress.units == 39
