"""The portal's addresses and an empty view to compare them with."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.urls import path

from chongqing_eval.urls import urlpatterns as portal


@login_not_required
def empty(request: HttpRequest) -> HttpResponse:
    return HttpResponse("ok\n", content_type="text/plain")


urlpatterns = [path("empty", empty), *portal]
