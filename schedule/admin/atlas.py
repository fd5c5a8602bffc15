"""The atlas on the desk: what was handed in last, each cell with the way to its schools."""

from typing import Any

from django.http import HttpResponse, QueryDict
from django.utils.translation import gettext as _

from audit.refusals import understood
from districts.access import SignedInRequest
from districts.services.saved import opening
from schedule import atlas_page, own_table_page
from schedule.atlas import Atlas
from schedule.own_table import OwnTable
from selfchecks.admin.work import DeskView

ATLAS = "admin:schedule_planversion_atlas"


class AtlasView(DeskView):
    """Whoever asks for nothing gets the view she begins with."""

    template_name = "admin/schedule/atlas.html"

    def get(self, request: SignedInRequest) -> HttpResponse:
        asked: Any = (request.GET or opening(request.user, ATLAS)).dict()
        found, problem = understood(lambda asked: Atlas(asked, request.user), asked, {})
        if not problem and (file := atlas_page.offered(found, asked)):
            return file
        page = atlas_page.context(found) | {"problem": problem, "title": _("全市图册")}
        return self.render(page, 400 if problem else 200)


class OwnTableView(DeskView):
    template_name = "admin/schedule/own_table.html"

    def get(self, request: SignedInRequest) -> HttpResponse:
        asked = request.GET
        found, problem = understood(lambda asked: OwnTable(asked, request.user), asked, QueryDict())
        if not problem and (file := own_table_page.offered(found, asked)):
            return file
        page = own_table_page.context(found) | {"problem": problem, "title": _("自选表")}
        return self.render(page, 400 if problem else 200)
