"""Pages of a self-check that say what must get better; the rest of its pages come after these."""

from django.urls import URLPattern, include, path

one: list[URLPattern] = []
urlpatterns = [path("<str:reference>/", include(one))]
