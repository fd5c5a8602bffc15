"""A parent on a phone tells the city something and looks up what came of it."""

from collections.abc import Callable

import pytest

from tests.journeys.visitor import Visitor

Come = Callable[..., Visitor]
SAID = "校门口没有路灯，晚自习后看不见路。" + "长" * 300


@pytest.mark.parametrize("scripts", [True, False])
def test_said_from_the_page_of_a_unit_and_looked_up(visit: Come, scripts: bool) -> None:
    reader = visit(width=320, scripts=scripts)
    reader.visit("/districts/500106/")
    reader.click("link", "反映沙坪坝区的情况")
    assert reader.page.locator("#id_unit").input_value() == "500106"
    reader.page.locator("#id_text").fill(SAID)
    reader.page.wait_for_timeout(5_100)  # what is quicker comes from a machine
    reader.click("button", "提交")
    code = reader.page.locator(".note strong").inner_text()
    assert not reader.scrolls_sideways()
    reader.click("link", "查答复")
    reader.page.locator("#code").fill(code.lower())
    reader.click("button", "查询")
    assert "待受理" in reader.text
    assert SAID in reader.text
    assert not reader.scrolls_sideways()
    assert reader.complaints == []
    assert not scripts or reader.axe() == []


def test_who_is_quick_finds_the_text_again(visit: Come) -> None:
    reader = visit(width=390, scripts=False)
    reader.visit("/feedback/")
    reader.page.locator("#id_text").fill(SAID)
    reader.click("button", "提交")
    assert "提交得太快" in reader.text
    assert reader.page.locator("#id_text").input_value() == SAID
