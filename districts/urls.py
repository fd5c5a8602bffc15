"""Signing in and out, and changing one's password."""

from django.contrib.auth import views
from django.contrib.auth.decorators import login_not_required
from django.urls import path

from .access import open_to
from .roles import Role
from .views import PasswordView, SignInView

everybody = open_to(*Role)
sign_in = login_not_required(SignInView.as_view())

urlpatterns = [
    path("login/", sign_in, name="login"),
    path("logout/", everybody(views.LogoutView.as_view()), name="logout"),
    path("password/", everybody(PasswordView.as_view()), name="password_change"),
]
