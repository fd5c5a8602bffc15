"""Pages of a self-check that say what must get better; the rest of its pages come after these."""

from django.urls import include, path

from . import prices, scenarios, shortfalls

one = [
    path("shortfalls/", shortfalls.shortfalls, name="shortfalls"),
    path("prices/", prices.prices, name="prices"),
    path("scenarios/", scenarios.listed, name="scenarios"),
    path("scenarios/compare/", scenarios.compared, name="scenarios-compared"),
    path("scenarios/<int:number>/", scenarios.one, name="scenario"),
]
urlpatterns = [path("<str:reference>/", include(one))]
