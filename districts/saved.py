"""The views a person keeps: all of them on one page, saved from the pages they belong to."""

from itertools import groupby

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views import View

from audit.refusals import Refused
from districts.access import SignedInRequest
from districts.models import SavedView
from districts.models.saved import address_of
from districts.services import saved


class SavedViewsView(View):
    """Lists them; POST keeps one and leads back to its page, or lets go of one."""

    def get(self, request: SignedInRequest) -> HttpResponse:
        rows = SavedView.objects.visible_to(request.user).filter(page__in=saved.PAGES)
        pages = [(saved.PAGES[page], list(own)) for page, own in groupby(rows, lambda r: r.page)]
        return render(request, "registration/views.html", {"pages": pages})

    def post(self, request: SignedInRequest) -> HttpResponse:
        if "remove" in request.POST:
            return self._remove(request)
        page, argument, query = (
            request.POST.get(name, "") for name in ("page", "argument", "query")
        )
        try:
            view = saved.save_view(
                page=page,
                argument=argument,
                name=request.POST.get("name", ""),
                query=query,
                opens="opens" in request.POST,
                by=request.user,
            )
        except Refused as refusal:
            messages.error(request, str(refusal))
            if not saved.is_page(page, argument):
                return redirect("own-views")
            return redirect(f"{address_of(page, argument)}?{saved.question(query)}")
        messages.success(request, _("已存为「%s」，以后在这一页点它就是现在的内容。") % view)
        return redirect(view.address)

    @staticmethod
    def _remove(request: SignedInRequest) -> HttpResponse:
        asked = request.POST["remove"]
        key = int(asked) if asked.isdecimal() and len(asked) < 18 else 0
        view = SavedView.objects.get_visible(request.user, pk=key)
        saved.remove_view(view=view, by=request.user)
        messages.success(request, _("视图「%s」已删除。") % view)
        return redirect("own-views")
