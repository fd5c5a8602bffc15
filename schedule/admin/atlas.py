"""The atlas on the desk: what was handed in last, each cell with the way to its schools."""

from django.http import HttpResponse
from django.utils.translation import gettext as _

from audit.refusals import Unusable
from districts.access import SignedInRequest
from schedule.atlas import Atlas
from schedule.atlas_page import context, offered
from selfchecks.admin.work import DeskView


class AtlasView(DeskView):
    template_name = "admin/schedule/atlas.html"

    def get(self, request: SignedInRequest) -> HttpResponse:
        asked = request.GET.dict()
        try:
            found, problem = Atlas(asked, request.user), None
        except Unusable as refusal:
            found, problem = Atlas({}, request.user), refusal
        if not problem and (file := offered(found, asked.get("format", ""))):
            return file
        page = context(found) | {"problem": problem, "title": _("全市图册")}
        return self.render(page, 400 if problem else 200)
