"""Signing in and out, one's password, one's calendar of deadlines."""

from django.contrib.auth.decorators import login_not_required
from django.urls import path

from .access import open_to
from .one_time import LinkView
from .own_sessions import SessionsView
from .own_tokens import TokensView
from .roles import Role
from .saved import SavedViewsView
from .second_factor import CodeView, FactorView
from .views import FeedView, PasswordView, SignInView, SignOutView, feed, sign_of_life

everybody = open_to(*Role)
sign_in = login_not_required(SignInView.as_view())

urlpatterns = [
    path("login/", sign_in, name="login"),
    path("logout/", everybody(SignOutView.as_view()), name="logout"),
    path("code/", login_not_required(CodeView.as_view()), name="second-factor-code"),
    path("second-factor/", everybody(FactorView.as_view()), name="second-factor"),
    path("session/", everybody(sign_of_life), name="session"),
    path("sessions/", everybody(SessionsView.as_view()), name="own-sessions"),
    path("calendar/", everybody(FeedView.as_view()), name="deadline-feed"),
    path("calendar/<str:secret>.ics", login_not_required(feed), name="deadlines"),
    path("link/<str:secret>/", login_not_required(LinkView.as_view()), name="one-time-link"),
    path("tokens/", everybody(TokensView.as_view()), name="own-tokens"),
    path("views/", everybody(SavedViewsView.as_view()), name="own-views"),
    path("password/", everybody(PasswordView.as_view()), name="password_change"),
]
