"""Pages of the problem ledger, for bureaus and the city alike."""

from django.urls import path

from . import ledger, ledger_upload

urlpatterns = [
    path("", ledger.listed, name="ledger"),
    path("many/", ledger.many, name="ledger-many"),
    path("upload/", ledger_upload.upload, name="ledger-upload"),
    path("<int:number>/", ledger.one, name="problem"),
]
