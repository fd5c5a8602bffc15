"""Pages of a self-check that say what must get better; the rest of its pages come after these."""

from django.urls import include, path

from . import prices, shortfalls

one = [
    path("shortfalls/", shortfalls.shortfalls, name="shortfalls"),
    path("prices/", prices.prices, name="prices"),
]
urlpatterns = [path("<str:reference>/", include(one))]
