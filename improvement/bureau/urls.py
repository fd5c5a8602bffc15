"""Pages of a self-check that say what must get better; the rest of its pages come after these."""

from django.urls import include, path

from . import conditions, plans, prices, scenarios, shortfalls

one = [
    path("shortfalls/", shortfalls.shortfalls, name="shortfalls"),
    path("prices/", prices.prices, name="prices"),
    path("plans/", plans.plans, name="plans"),
    path("plans/budgets/", plans.budgets, name="plan-budgets"),
    path("plans/<int:number>/", plans.plan, name="plan"),
    path("plans/<int:number>/conditions/", conditions.chosen, name="plan-conditions"),
    path(
        "plans/<int:number>/conditions/<str:line>/<str:kind>/",
        conditions.condition,
        name="plan-condition",
    ),
    path("scenarios/", scenarios.listed, name="scenarios"),
    path("scenarios/compare/", scenarios.compared, name="scenarios-compared"),
    path("scenarios/<int:number>/", scenarios.one, name="scenario"),
]
urlpatterns = [path("<str:reference>/", include(one))]
