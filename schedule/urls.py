"""Public pages of the plan."""

from django.urls import path

from . import views
from .pages import atlas, look_backs, monitoring, sharing
from .pages.indicator_units import units_of_indicator
from .pages.revisions import revisions
from .pages.statements import statement

urlpatterns = [
    path("", views.home, name="home"),
    path("districts/", views.units, name="units"),
    path("districts/<str:code>/", views.unit, name="unit"),
    path("atlas/", atlas.atlas, name="atlas"),
    path("atlas/table/", atlas.own_table, name="own-table"),
    path("atlas/alike/<str:code>/", atlas.alike, name="alike"),
    path("atlas/indicators/<str:code>/", units_of_indicator, name="indicator-units"),
    path(
        "atlas/indicators/<str:code>/share.png",
        sharing.indicator_picture,
        name="indicator-picture",
    ),
    path("stairs.svg", views.stairs, name="stairs"),
    path("look-backs/", look_backs.listed, name="look-backs"),
    path("look-backs/rounds/", look_backs.one_round, name="look-back-round"),
    path("look-backs/<int:number>/", look_backs.one, name="look-back"),
    path("monitoring/", monitoring.rounds, name="monitoring"),
    path("changes/", revisions, name="revisions"),
    path("changes.atom", sharing.feed, name="feed"),
    path("share.png", sharing.home_picture, name="home-picture"),
    path("districts/<str:code>/share.png", sharing.unit_picture, name="unit-picture"),
    path("about/<str:subject>/", statement, name="statement"),
    path("roadmap/", views.roadmap, name="roadmap"),
]
