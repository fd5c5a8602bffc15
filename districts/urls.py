"""Signing in and out, and changing one's password."""

from django.contrib.auth import views
from django.contrib.auth.decorators import login_not_required
from django.urls import path

from .views import PasswordView

urlpatterns = [
    path("login/", login_not_required(views.LoginView.as_view()), name="login"),
    path("logout/", views.LogoutView.as_view(), name="logout"),
    path("password/", PasswordView.as_view(), name="password_change"),
]
