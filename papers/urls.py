"""Documents to take away."""

from django.urls import path

from .pages import application, batches, shelf

urlpatterns = [
    path("", shelf.shelf, name="papers"),
    path("batches/", batches.batches, name="paper-batches"),
    path("batches/<int:number>/", batches.batch, name="paper-batch"),
    path("batches/<int:number>/zip/", batches.taken, name="paper-batch-zip"),
    path("application-form/<str:reference>/answers/", application.answers, name="form-answers"),
    path("<str:kind>/<str:reference>/", shelf.paper, name="paper"),
]
