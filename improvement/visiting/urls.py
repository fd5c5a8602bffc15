"""A visit is named by unit, year and round, for example ``500106-2026-1``."""

from django.urls import path

from . import drawing, schools, visits

urlpatterns = [
    path("", visits.listed, name="visits"),
    path("draw/", drawing.drawing, name="visit-draw"),
    path("<str:visit>/", visits.one, name="visit"),
    path("<str:visit>/protocol/", visits.protocol, name="visit-protocol"),
    path("<str:visit>/schools/<str:school>/", schools.school, name="visit-school"),
    path("<str:visit>/photos/<int:item>/", schools.photo, name="visit-photo"),
]
