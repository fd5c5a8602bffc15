"""The API's table of contents: which resource answers under which path."""

from django.urls import URLPattern, URLResolver, path, re_path
from rest_framework.routers import SimpleRouter

from audit.api import EntryResource
from districts.api import SchoolResource
from figures.table import SCHOOL_CODE
from improvement.api import (
    conditions,
    feedback,
    measure_batches,
    measures,
    plans,
    practices,
    problems,
    scenarios,
    school_plan_steps,
    school_plans,
    shortfalls,
    visit_acts,
    visits,
)
from indicators import api as indicators
from papers.api import PaperView
from rest.documents import DocumentView, IndexView
from rest.views import Resource
from schedule.api import (
    applying,
    atlas,
    certifications,
    consequences,
    grants,
    guidance,
    lists,
    look_backs,
    outlook,
    plan,
    progress,
)
from selfchecks.api import evidence, results, self_checks, steps, uploads
from selfchecks.api.found import REFERENCE

from . import hooks
from .changes import ChangesView

RESOURCES: dict[str, type[Resource]] = {
    "districts": progress.DistrictResource,
    "phases": plan.PhaseResource,
    "schedule": plan.PlanResource,
    "plan-versions": plan.PlanVersionResource,
    "certifications": certifications.CertificationResource,
    "lists": lists.ListResource,
    "grants": grants.GrantResource,
    "consequences": consequences.ConsequenceResource,
    "guidance": guidance.GuidanceResource,
    "look-backs": look_backs.LookBackResource,
    "certification-steps": certifications.StepResource,
    "standards": indicators.StandardResource,
    "indicators": indicators.IndicatorResource,
    "schools": SchoolResource,
    "self-checks": self_checks.SelfCheckResource,
    "practices": practices.PracticeResource,
    "problems": problems.ProblemResource,
    "school-plans": school_plans.SchoolPlanResource,
    "feedback": feedback.FeedbackResource,
    "visits": visits.VisitResource,
    "audit": EntryResource,
    "hooks": hooks.HookResource,
}

router = SimpleRouter()
for name, resource in RESOURCES.items():
    router.register(name, resource, basename=name)

SCHOOL = f"(?P<school>{SCHOOL_CODE})"
NUMBER = "(?P<number>[0-9]{1,9})"
OF_SELF_CHECK = {
    "template/": uploads.TemplateView.as_view(),
    "uploads/": uploads.UploadResource.as_view({"get": "list", "post": "create"}),
    f"uploads/{NUMBER}/": uploads.UploadView.as_view(),
    f"uploads/{NUMBER}/marked/": uploads.MarkedView.as_view(),
    "evidence/": evidence.EvidenceResource.as_view({"get": "list"}),
    "evidence/(?P<indicator>[A-DV][0-9]{1,2})/": evidence.EvidenceResource.as_view(
        {"post": "create"}
    ),
    "evaluation/": results.EvaluationView.as_view(),
    "evaluations/": results.EvaluationResource.as_view({"get": "list"}),
    f"evaluations/{NUMBER}/": results.EvaluationResource.as_view({"get": "retrieve"}),
    "shortfalls/": shortfalls.ShortfallsView.as_view(),
    "shortfalls/schools/": shortfalls.NeedResource.as_view({"get": "list"}),
    "plans/": plans.PlanResource.as_view({"get": "list", "post": "create"}),
    f"plans/{NUMBER}/": plans.PlanResource.as_view({"get": "retrieve"}),
    f"plans/{NUMBER}/conditions/": conditions.PlanConditionResource.as_view({"get": "list"}),
    f"plans/{NUMBER}/steps/": plans.PlanStepView.as_view(),
    "scenarios/": scenarios.ScenarioResource.as_view({"get": "list", "post": "create"}),
    f"scenarios/{NUMBER}/": scenarios.ScenarioResource.as_view(
        {"get": "retrieve", "patch": "partial_update"}
    ),
    f"scenarios/{NUMBER}/evaluation/": scenarios.ScenarioEvaluationView.as_view(),
    f"scenarios/{NUMBER}/steps/": scenarios.ScenarioStepView.as_view(),
    "school-plans/": school_plans.BeginView.as_view(),
    "school-plans/merge/": measure_batches.MergeView.as_view(),
    "school-plans/steps/": school_plan_steps.SchoolPlansStepView.as_view(),
    "school-plans/table/": measure_batches.MeasuresView.as_view(),
    "signatures/": steps.SignaturesView.as_view(),
    "steps/": steps.StepsView.as_view(),
    "trail/": steps.TrailResource.as_view({"get": "list"}),
}
# What can be done about one row of a list.
OF_ROWS = {
    "consequences": {"void/": consequences.ConsequenceVoidView.as_view()},
    "feedback": {"steps/": feedback.FeedbackStepView.as_view()},
    "grants": {"decisions/": grants.GrantDecisionView.as_view()},
    "hooks": {
        "deliveries/": hooks.DeliveryResource.as_view({"get": "list"}),
        "steps/": hooks.HookStepView.as_view(),
    },
    "guidance": {
        "entries/": guidance.GuidanceEntryView.as_view(),
        "void/": guidance.GuidanceVoidView.as_view(),
    },
    "look-backs": {"steps/": look_backs.LookBackStepView.as_view()},
    "practices": {"steps/": practices.PracticeStepView.as_view()},
    "problems": {"steps/": problems.ProblemStepView.as_view()},
    "school-plans": {
        "measures/": measures.NewMeasureView.as_view(),
        f"measures/{NUMBER}/": measures.OneMeasureView.as_view(),
        f"measures/{NUMBER}/progress/": measures.ProgressView.as_view(),
        "steps/": school_plans.SchoolPlanStepView.as_view(),
    },
    "visits": {
        "steps/": visit_acts.VisitStepView.as_view(),
        f"schools/{SCHOOL}/": visit_acts.VisitSchoolView.as_view(),
        f"schools/{SCHOOL}/findings/": visit_acts.NewFindingView.as_view(),
        f"schools/{SCHOOL}/findings/{NUMBER}/photos/": visit_acts.NewPhotoView.as_view(),
        f"schools/{SCHOOL}/findings/{NUMBER}/removal/": visit_acts.FindingRemovalView.as_view(),
    },
}
NAMES = {
    f"plans/{NUMBER}/": "self-check-plan",
    f"measures/{NUMBER}/": "school-plan-measure",
    f"uploads/{NUMBER}/": "self-check-upload",
    f"scenarios/{NUMBER}/": "self-check-scenario",
}

urlpatterns: list[URLPattern | URLResolver] = [
    path("", IndexView.as_view(), name="api-index"),
    path("changes/", ChangesView.as_view(), name="changes"),
    path(
        "guidance/proposals/",
        guidance.UrgingResource.as_view({"get": "list"}),
        name="guidance-proposals",
    ),
    path("feedback/set-aside/", feedback.SetAsideView.as_view(), name="feedback-set-aside"),
    path("atlas/", atlas.AtlasView.as_view(), name="atlas-api"),
    path("atlas/newest/", atlas.NewestAtlasView.as_view(), name="atlas-newest"),
    path("outlook/", outlook.OutlookView.as_view(), name="outlook-api"),
    path("progress/", progress.ProgressView.as_view(), name="progress"),
    path("evaluate/", indicators.EvaluateView.as_view(), name="evaluate"),
    path("plans/", plans.PlanView.as_view(), name="plans-api"),
    path("schema/", DocumentView.as_view(), name="api-schema"),
    re_path(
        "^districts/(?P<code>[0-9A-Z]{1,12})/application/$",
        applying.ApplicationView.as_view(),
        name="application",
    ),
    re_path(
        "^papers/(?P<kind>[a-z-]{1,24})/(?P<reference>[0-9A-Z-]{4,20})/$",
        PaperView.as_view(),
        name="paper-api",
    ),
    *router.urls,
    *(
        re_path(f"^self-checks/(?P<reference>{REFERENCE})/{rest}$", view, name=NAMES.get(rest))
        for rest, view in OF_SELF_CHECK.items()
    ),
    *(
        re_path(f"^{rows}/(?P<pk>[0-9]{{1,9}})/{rest}$", view, name=NAMES.get(rest))
        for rows, views in OF_ROWS.items()
        for rest, view in views.items()
    ),
]
