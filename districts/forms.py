"""Forms for signing in, and what every form of ours does: errors told on top and at their input."""

from typing import Any

from django import forms
from django.contrib.auth.forms import AuthenticationForm, PasswordChangeForm
from django.core.exceptions import NON_FIELD_ERRORS
from django.core.validators import MaxLengthValidator
from django.utils.translation import gettext_lazy as _

from districts.examples import show_examples

LONGEST_NAME, LONGEST_PASSWORD = 150, 4096  # characters


class Summarised(forms.Form):
    """A form that lists its errors for the summary on top of the page."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.label_suffix = ""
        show_examples(self)
        if self.is_bound:
            # The summary takes the focus then.
            for field in self.fields.values():
                field.widget.attrs.pop("autofocus", None)

    def summary(self) -> list[tuple[str, str]]:
        """Every error with the id of the input to correct."""
        first = self[next(iter(self.fields))].id_for_label if self.fields else ""
        return [
            (first if name == NON_FIELD_ERRORS else self[name].id_for_label, str(sentence))
            for name, sentences in self.errors.items()
            for sentence in sentences
        ]


class SignInForm(Summarised, AuthenticationForm):
    """Says that name or password is wrong without saying which."""

    error_messages = {
        "invalid_login": _("账号或密码不对。请检查后再试。"),
        "inactive": _("账号或密码不对。请检查后再试。"),
    }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["username"].label = _("账号")
        self.fields["password"].label = _("密码")
        self.fields["username"].error_messages["required"] = _("请填写账号。")
        # Django sets max_length too late for a validator, and axes notes names that are no account.
        longest = MaxLengthValidator(LONGEST_NAME, self.error_messages["invalid_login"])
        self.fields["username"].validators.append(longest)
        self.fields["password"].error_messages["required"] = _("请填写密码。")


class CodeForm(Summarised):
    """A code of the authenticator app, or a recovery code."""

    code = forms.CharField(
        label=_("动态口令"),
        help_text=_("手机上的认证器现在显示的 6 位数字；手机不在身边时填一个恢复码。"),
        max_length=20,
        error_messages={"required": _("请填写动态口令。")},
        widget=forms.TextInput(
            attrs={"autocomplete": "one-time-code", "autofocus": True, "spellcheck": "false"}
        ),
    )


class PasswordAgain(Summarised):
    """From whoever knows the password as well as having the session."""

    password = forms.CharField(
        label=_("密码"),
        strip=False,
        max_length=LONGEST_PASSWORD,
        error_messages={"required": _("请填写密码。")},
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )


class FirstCodeForm(PasswordAgain, CodeForm):
    """The first code of an app, and the password."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"].help_text = ""  # there are no recovery codes yet


class PasswordForm(Summarised, PasswordChangeForm):
    """The old password once, the new one twice."""
