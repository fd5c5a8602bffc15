"""What stands on the shelf is what can be taken."""

import re
from html import unescape
from typing import Any

from districts.models import District, User
from improvement.models import SchoolPlan
from improvement.services.visits import draw_schools


def test_whatever_the_shelf_offers_can_be_taken(
    approved: SchoolPlan, reach: Any, shapingba: District, zhou_inspector: User, signed_in: Any
) -> None:
    reach("approved")
    draw_schools(district=shapingba, count=2, by=zhou_inspector, seed="7")
    client = signed_in(zhou_inspector)
    page = client.get("/papers/?unit=500106").content.decode()
    addresses = re.findall(r'href="(/papers/[^"]+/)"', page)
    kinds = {address.split("/")[2] for address in addresses}
    assert {"school-plan-volume", "sampling-protocol", "receipt", "application-form"} <= kinds
    for address in addresses:
        assert client.get(address).status_code == 200, address
    books = [unescape(each) for each in re.findall(r'href="([^"]+format=xlsx)"', page)]
    filled_in = "/papers/application-form/500106-2026/answers/"
    documents = {*addresses} - {"/papers/batches/", filled_in}
    assert {each.partition("?")[0] for each in books} == documents
    for address in books:
        answer = client.get(address)
        assert answer.status_code == 200, address
        assert answer["Content-Type"].endswith("spreadsheetml.sheet"), address


def test_a_district_is_not_warned_of_a_visit(
    approved: SchoolPlan, shapingba: District, zhou_inspector: User, chen_officer: User,
    signed_in: Any,
) -> None:  # fmt: skip
    visit = draw_schools(district=shapingba, count=2, by=zhou_inspector, seed="7")
    client = signed_in(chen_officer)
    assert "sampling-protocol" not in client.get("/papers/").content.decode()
    assert client.get(f"/papers/sampling-protocol/{visit.reference}/").status_code == 404
