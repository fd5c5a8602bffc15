"""Pages of a self-check that say what must get better; the rest of its pages come after these."""

from django.urls import include, path

from . import (
    conditions,
    measure_files,
    measures,
    merging,
    plans,
    prices,
    scenarios,
    school_plans,
    shortfalls,
)

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
one += [
    path("school-plans/", school_plans.listed, name="school-plans"),
    path("school-plans/merge/", merging.merge, name="school-plans-merge"),
    path("school-plans/table/", measure_files.table, name="measure-table"),
    path("school-plans/<str:line>/", school_plans.one, name="school-plan"),
    path("school-plans/<str:line>/measures/new/", school_plans.add, name="measure-new"),
    path(
        "school-plans/<str:line>/measures/<int:number>/",
        measures.measure,
        name="measure",
    ),
    path(
        "school-plans/<str:line>/measures/<int:number>/files/<int:item>/",
        measures.document,
        name="measure-file",
    ),
]
of_departments = [
    path("", measures.own, name="own-measures"),
    path("<int:item>/", measures.own_one, name="own-measure"),
    path("<int:item>/files/<int:number>/", measures.own_document, name="own-measure-file"),
]
urlpatterns = [path("<str:reference>/", include(one))]
