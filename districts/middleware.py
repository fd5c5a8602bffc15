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
        # The API asks for itself who is calling; opening the session here would make its
        # public answers vary by cookie.
        is_page = not request.path_info.startswith("/api/")
        if is_page and request.user.is_authenticated and must_change(request.user):
            open_pages = {reverse("password_change"), reverse("logout")}
            if request.path not in open_pages:
                return redirect("password_change")
        return self.get_response(request)
