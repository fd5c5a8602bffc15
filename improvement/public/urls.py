"""Addresses of what everybody may read and say; a bureau's own pages stand beside them."""

from django.urls import path

from improvement.bureau import feedback as passed_on
from improvement.bureau import practices as own

from . import feedback, practices

urlpatterns = [
    path("practices/", practices.practices, name="practices"),
    path("practices/<int:number>/", practices.practice, name="practice"),
    path("feedback/", feedback.message, name="feedback"),
    path("feedback/answer/", feedback.looked_up, name="feedback-answer"),
    path("feedback/own/", passed_on.listed, name="own-messages"),
    path("feedback/own/<int:number>/", passed_on.one, name="own-message"),
    path("practices/own/", own.listed, name="own-practices"),
    path("practices/own/new/", own.new, name="new-practice"),
    path("practices/own/<int:number>/", own.one, name="own-practice"),
]
