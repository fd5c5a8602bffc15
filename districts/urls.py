"""Signing in and out, one's password, one's calendar of deadlines."""

from django.contrib.auth import views
from django.contrib.auth.decorators import login_not_required
from django.urls import path

from .access import open_to
from .roles import Role
from .views import FeedView, PasswordView, SignInView, feed

everybody = open_to(*Role)
sign_in = login_not_required(SignInView.as_view())

urlpatterns = [
    path("login/", sign_in, name="login"),
    path("logout/", everybody(views.LogoutView.as_view()), name="logout"),
    path("calendar/", everybody(FeedView.as_view()), name="deadline-feed"),
    path("calendar/<str:secret>.ics", login_not_required(feed), name="deadlines"),
    path("password/", everybody(PasswordView.as_view()), name="password_change"),
]
