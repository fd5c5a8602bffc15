"""Public pages of the standard."""

from django.urls import path

from . import views

urlpatterns = [
    path("", views.index, name="indicators"),
    path("<str:code>/", views.indicator, name="indicator"),
]
