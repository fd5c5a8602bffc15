"""Addresses: pages in Chinese at the root and in English under /en/, the API under /api/v1/."""

from django.conf.urls.i18n import i18n_patterns
from django.contrib import admin
from django.urls import include, path, re_path

from improvement.bureau.urls import of_departments
from rest.documents import unknown
from schedule.pages import sharing
from selfchecks.receipts import receipts

from . import views
from .guides.page import guide, guides

handler400 = "chongqing_eval.problems.bad_request"
handler403 = "chongqing_eval.problems.forbidden"
handler404 = "chongqing_eval.problems.not_found"
handler500 = "chongqing_eval.problems.server_error"

urlpatterns = [
    path("healthz", views.healthz, name="healthz"),
    path("readyz", views.readyz, name="readyz"),
    path("sitemap.xml", sharing.sitemap, name="sitemap"),
    path("robots.txt", sharing.robots, name="robots"),
    path("api/v1/", include("chongqing_eval.api")),
    *i18n_patterns(
        path("api/v1/docs/", views.guide_page, name="api-docs"),
        path("api/v1/docs/shapes/", views.shapes_page, name="api-shapes"),
        prefix_default_language=False,
    ),
    re_path("^api/", unknown),
    *i18n_patterns(
        path("admin/", admin.site.urls),
        path("accounts/", include("districts.urls")),
        path("indicators/", include("indicators.urls")),
        path("styleguide/", views.styleguide, name="styleguide"),
        path("guides/", guides, name="guides"),
        path("guides/<str:code>/", guide, name="guide"),
        path("receipts/", receipts, name="receipts"),
        path("ledger/", include("improvement.bureau.ledger_urls")),
        path("self-checks/", include("improvement.bureau.urls")),
        path("visits/", include("improvement.visiting.urls")),
        path("self-checks/", include("selfchecks.bureau.urls")),
        path("measures/", include(of_departments)),
        path("", include("improvement.public.urls")),
        path("papers/", include("papers.urls")),
        path("", include("schedule.urls")),
        prefix_default_language=False,
    ),
]
