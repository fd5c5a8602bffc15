"""The views a person keeps: all of them on one page, saved from the pages they belong to."""

from copy import copy
from itertools import groupby

from django.contrib import messages
from django.core.exceptions import BadRequest, PermissionDenied, SuspiciousOperation
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import resolve
from django.utils.translation import gettext as _
from django.views import View

from audit.refusals import Refused, Unusable
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
            _refuse_closed(request, page, argument, query)
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
            if "page" in refusal.fields:
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


NOT_OPENED = (Http404, PermissionDenied, Refused, BadRequest, SuspiciousOperation)


def _refuse_closed(request: SignedInRequest, page: str, argument: str, query: str) -> None:
    """A page this person cannot open has no views of theirs: it is asked, as it will be later."""
    if not saved.is_page(page, argument):
        return  # saving says so
    asked = copy(request)
    asked.path = asked.path_info = address_of(page, argument)
    asked.method, asked.POST = "GET", QueryDict()
    asked.GET = QueryDict(saved.question(query))
    asked.resolver_match = match = resolve(asked.path)
    try:
        is_open = match.func(asked, *match.args, **match.kwargs).status_code == 200
    except NOT_OPENED:
        is_open = False
    if not is_open:
        raise Unusable.at(
            "page", _("这个页面您打不开，视图没有存下。请在要存的页面上点「存下这个视图」。")
        )
