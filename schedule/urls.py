"""Public pages of the plan."""

from django.urls import path

from . import views

urlpatterns = [
    path("", views.home, name="home"),
    path("districts/<str:code>/", views.unit, name="unit"),
    path("stairs.svg", views.stairs, name="stairs"),
    path("roadmap/", views.roadmap, name="roadmap"),
]
