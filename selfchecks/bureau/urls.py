"""The bureau's pages; a self-check is named by unit and year, for example ``500106-2026``."""

from django.urls import include, path

from . import check, explanations, figures, notices, outcome, overview, schools, uploads, years

one = [
    path("", overview.tasks, name="self-check"),
    path("template/", uploads.template, name="self-check-template"),
    path("upload/", uploads.upload, name="self-check-upload"),
    path("versions/<int:number>/", uploads.version, name="self-check-version"),
    path("versions/<int:number>/marked/", uploads.marked, name="self-check-marked"),
    path("versions/<int:number>/file/", uploads.original, name="self-check-file"),
    path("explanations/", explanations.explanations, name="self-check-explanations"),
    path("evidence/", explanations.explanations, {"act": "attach"}, name="self-check-evidence"),
    path(
        "evidence/several/",
        explanations.explanations,
        {"act": "receive"},
        name="self-check-evidence-several",
    ),
    path(
        "evidence/assignment/",
        explanations.explanations,
        {"act": "assign"},
        name="self-check-evidence-assignment",
    ),
    path("evidence/<int:item>/", explanations.evidence_file, name="self-check-evidence-file"),
    path(
        "evidence/<int:item>/removal/",
        explanations.explanations,
        {"act": "remove"},
        name="self-check-evidence-removal",
    ),
    path("figures/", figures.figures, name="self-check-figures"),
    path("schools/<str:line>/", schools.school, name="self-check-school"),
    path("figures/<str:line>/", schools.school),  # where the page was, in letters sent before
    path("figures/<str:line>/<str:column>/", figures.cell, name="self-check-cell"),
    path("comments/", outcome.comments, name="self-check-comments"),
    path("comments/<int:comment>/", outcome.answer, name="self-check-answer"),
    path("result/", outcome.result, name="self-check-result"),
    path("check/", check.check, name="self-check-check"),
    path("receipts/<int:number>/", check.receipt, name="self-check-receipt"),
    path("signatures/", check.signatures, name="self-check-signatures"),
    path("trail/", check.trail, name="self-check-trail"),
]
urlpatterns = [
    path("", years.years, name="self-checks"),
    path("now/", years.now, name="self-check-now"),
    path("notices/", notices.notices, name="notices"),
    path("find/", schools.find, name="find"),
    path("<str:reference>/", include(one)),
]
