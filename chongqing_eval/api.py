"""The API's table of contents: which resource answers under which path."""

from django.urls import URLPattern, URLResolver, path
from rest_framework.routers import SimpleRouter

from audit.api import EntryResource
from districts.api import SchoolResource
from indicators import api as indicators
from rest.documents import DocumentView, IndexView
from rest.views import Resource
from schedule import api as schedule

RESOURCES: dict[str, type[Resource]] = {
    "districts": schedule.DistrictResource,
    "phases": schedule.PhaseResource,
    "schedule": schedule.PlanResource,
    "plan-versions": schedule.PlanVersionResource,
    "certifications": schedule.CertificationResource,
    "certification-steps": schedule.StepResource,
    "standards": indicators.StandardResource,
    "indicators": indicators.IndicatorResource,
    "schools": SchoolResource,
    "audit": EntryResource,
}

router = SimpleRouter()
for name, resource in RESOURCES.items():
    router.register(name, resource, basename=name)

urlpatterns: list[URLPattern | URLResolver] = [
    path("", IndexView.as_view(), name="api-index"),
    path("progress/", schedule.ProgressView.as_view(), name="progress"),
    path("evaluate/", indicators.EvaluateView.as_view(), name="evaluate"),
    path("schema/", DocumentView.as_view(), name="api-schema"),
    *router.urls,
]
