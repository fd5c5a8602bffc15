"""Every input that people type into says what to write and what not."""

from collections.abc import Iterator
from typing import Any

from django import forms
from django.contrib.admin import site as admin_site
from django.test import Client
from django.urls import get_resolver

from districts.admin.base import ServiceForm
from districts.examples import EXAMPLES
from districts.forms import Summarised
from districts.models import User
from indicators.admin.steps import NoForm
from tests.source import APPS

# What is secret, what nobody fills in, what one may leave out; ``value`` has its figure's example.
WITHOUT = {
    *("old_password", "new_password1", "new_password2", "password", "username", "code"),
    *("website", "MessageForm.name", "MessageForm.page", "contact", "value"),
}
TYPED = (forms.CharField, forms.DecimalField, forms.IntegerField, forms.DateField)


def forms_of(kind: Any) -> Iterator[Any]:
    for form in kind.__subclasses__():
        yield form
        yield from forms_of(form)


def test_every_input_has_a_right_and_a_wrong_example() -> None:
    assert get_resolver().url_patterns  # with them every form is there
    asked = {
        (form.__name__, name)
        for kind in (Summarised, NoForm)
        for form in forms_of(kind)
        if form.__module__.split(".")[0] in APPS
        for name, field in form.base_fields.items()
        if isinstance(field, TYPED) and not isinstance(field, forms.ChoiceField)
        if not field.widget.is_hidden
    }
    assert len(asked) > 50
    told = {*EXAMPLES, *WITHOUT}
    assert not [each for each in asked if not {each[1], ".".join(each)} & told]
    assert issubclass(ServiceForm, forms.ModelForm)


def test_an_example_is_for_something() -> None:
    names = {
        key
        for kind in (Summarised, ServiceForm, NoForm)
        for form in forms_of(kind)
        for name in form.base_fields
        for key in (name, f"{form.__name__}.{name}")
    }
    # The administration makes a form when it is first asked for.
    names |= {
        f"{model.__name__}Form.{field.name}"
        for model in admin_site._registry
        for field in model._meta.fields
    }
    assert set(EXAMPLES) <= names


def test_examples_stand_at_the_input_on_pages_of_either_side(
    client: Client, reference: None, wu_manager: User
) -> None:
    page = client.get("/en/feedback/").content.decode()
    assert "Wrong: the school is bad." in page
    client.force_login(wu_manager)
    page = client.get("/admin/schedule/grant/add/").content.decode()
    assert "12 号文" in page
