"""Leads a person whose password has expired to the page that changes it."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from districts.passwords import must_change

GetResponse = Callable[[HttpRequest], HttpResponse]


class PasswordAgeMiddleware:
    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.user.is_authenticated and must_change(request.user):
            open_pages = {reverse("password_change"), reverse("logout")}
            if request.path not in open_pages and not request.path.startswith("/api/"):
                return redirect("password_change")
        return self.get_response(request)
