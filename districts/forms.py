"""The forms of signing in and of a new password; both list their errors at the top."""

from typing import Any

from django.contrib.auth.forms import AuthenticationForm, PasswordChangeForm
from django.forms import BaseForm
from django.utils.translation import gettext_lazy as _


class Summary(BaseForm):
    """Every error with the id of the input to correct."""

    def summary(self) -> list[tuple[str, str]]:
        first = self[next(iter(self.fields))].id_for_label
        return [
            (first if name == "__all__" else self[name].id_for_label, sentence)
            for name, sentences in self.errors.items()
            for sentence in sentences
        ]


class NewPasswordForm(Summary, PasswordChangeForm):
    """Asks for the old password and twice for the new one."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.label_suffix = ""
        for field in self.fields.values():
            field.error_messages["required"] = _("请填写这一项。")


class SignInForm(Summary, AuthenticationForm):
    """Says what is wrong without saying which half of it."""

    error_messages = {
        "invalid_login": _("账号或密码不对。请检查后再试。"),
        "inactive": _("账号或密码不对。请检查后再试。"),
    }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.label_suffix = ""
        self.fields["username"].label = _("账号")
        self.fields["password"].label = _("密码")
        self.fields["username"].error_messages["required"] = _("请填写账号。")
        self.fields["password"].error_messages["required"] = _("请填写密码。")
        if self.is_bound:
            # The summary of errors takes the focus then.
            self.fields["username"].widget.attrs.pop("autofocus", None)
