"""Documents to take away."""

from django.urls import path

from . import views

urlpatterns = [
    path("", views.shelf, name="papers"),
    path("<str:kind>/<str:reference>/", views.paper, name="paper"),
]
