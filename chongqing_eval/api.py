"""The API router: which resource answers under which path."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
