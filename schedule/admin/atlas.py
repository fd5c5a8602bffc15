"""The atlas on the desk: what was handed in last, each cell with the way to its schools."""

from django.http import HttpResponse
from django.utils.translation import gettext as _

from districts.access import SignedInRequest
from schedule.atlas import Atlas, understood
from schedule.atlas_page import context, offered
from selfchecks.admin.work import DeskView


class AtlasView(DeskView):
    template_name = "admin/schedule/atlas.html"

    def get(self, request: SignedInRequest) -> HttpResponse:
        asked = request.GET.dict()
        found, problem = understood(lambda asked: Atlas(asked, request.user), asked, {})
        if not problem and (file := offered(found, asked.get("format", ""))):
            return file
        page = context(found) | {"problem": problem, "title": _("全市图册")}
        return self.render(page, 400 if problem else 200)
