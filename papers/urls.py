"""Documents to take away."""

from django.urls import path

from .pages import application, shelf

urlpatterns = [
    path("", shelf.shelf, name="papers"),
    path("application-form/<str:reference>/answers/", application.answers, name="form-answers"),
    path("application-form/<str:reference>/book/", application.workbook, name="form-book"),
    path("<str:kind>/<str:reference>/", shelf.paper, name="paper"),
]
