"""Addresses of what everybody may read and say; a bureau's own pages stand beside them."""

from django.urls import path

from improvement.bureau import practices as own

from . import practices

urlpatterns = [
    path("practices/", practices.practices, name="practices"),
    path("practices/<int:number>/", practices.practice, name="practice"),
    path("practices/own/", own.listed, name="own-practices"),
    path("practices/own/new/", own.new, name="new-practice"),
    path("practices/own/<int:number>/", own.one, name="own-practice"),
]
