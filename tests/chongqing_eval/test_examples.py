"""Every input that people type into says what to write and what not."""

from collections.abc import Iterator
from typing import Any

import pytest
from django import forms
from django.contrib.admin import site as admin_site
from django.test import Client, RequestFactory
from django.urls import get_resolver

from districts.admin.base import ServiceForm
from districts.examples import EXAMPLES, example_of
from districts.forms import Summarised
from districts.models import User
from improvement.ledger.steps import STEP as LEDGER
from indicators.admin.rows import DraftAdmin
from indicators.admin.steps import NoForm
from selfchecks.forms import EdgeForm
from selfchecks.workflow import STEP as SELF_CHECK
from tests.source import APPS

# What is secret, what nobody fills in, what one may leave out; ``value`` has its figure's example.
WITHOUT = {
    *("old_password", "new_password1", "new_password2", "password", "SignInForm.username"),
    *("CodeForm.code", "FirstCodeForm.code"),
    *("website", "MessageForm.name", "MessageForm.page", "MessageForm.contact", "value"),
    *("PlanVersionForm.number", "PlanVersionForm.title"),  # replanning has a page of its own
}
TYPED = (forms.CharField, forms.DecimalField, forms.IntegerField, forms.DateField)


def forms_of(kind: Any) -> Iterator[Any]:
    for form in kind.__subclasses__():
        yield form
        yield from forms_of(form)


def test_every_input_has_a_right_and_a_wrong_example() -> None:
    assert get_resolver().url_patterns  # with them every form is there
    asked = [
        (form.__name__, name, field)
        for kind in (Summarised, NoForm)
        for form in forms_of(kind)
        if form.__module__.split(".")[0] in APPS
        for name, field in form.base_fields.items()
        if isinstance(field, TYPED) and not isinstance(field, forms.ChoiceField)
    ]
    assert len(asked) > 50
    assert without_example(asked) == []


def without_example(asked: list[tuple[str, str, Any]]) -> list[str]:
    return [
        f"{form}.{name}"
        for form, name, field in asked
        if not field.widget.is_hidden and not {name, f"{form}.{name}"} & WITHOUT
        if not example_of(form, name, field)
    ]


def asked_in_the_administration(request: Any, person: User) -> Iterator[tuple[str, str, Any]]:
    """Every input the person types into there; drafts of a standard come filled in."""
    request.user = person
    for page in admin_site._registry.values():
        is_draft = isinstance(page, DraftAdmin)
        if page.has_add_permission(request) and not is_draft:
            form = page.get_form(request)
            for name, field in form.base_fields.items():
                if isinstance(field, TYPED) and not isinstance(field, forms.ChoiceField):
                    yield form.__name__, name, field


def test_so_has_every_input_of_the_administration(
    rf: RequestFactory, wu_manager: User, yang_keeper: User
) -> None:
    people = (wu_manager, yang_keeper)
    asked = [each for person in people for each in asked_in_the_administration(rf.get("/"), person)]
    assert len(asked) > 90
    assert without_example(asked) == []


@pytest.mark.parametrize("add", ["grant", "grantdecision", "consequence", "guidance"])
def test_a_day_that_has_been_is_shown_where_no_other_is_taken(
    add: str, client: Client, wu_manager: User
) -> None:
    client.force_login(wu_manager)
    page = client.get(f"/admin/schedule/{add}/add/").content.decode()
    assert "对：2026-09-01。错：九月初。" in page


def test_an_example_is_for_something() -> None:
    names = {
        key
        for kind in (Summarised, ServiceForm, NoForm)
        for form in forms_of(kind)
        for name in form.base_fields
        for key in (name, name.rpartition(".")[2], f"{form.__name__}.{name}")
    }
    # The administration makes a form when it is first asked for.
    names |= {
        key
        for model in admin_site._registry
        for name in (*(field.name for field in model._meta.fields), "reason")
        for key in (name, f"{model.__name__}Form.{name}")
    }
    names |= {f"{step}.comment" for step in (*LEDGER, *SELF_CHECK)}
    assert set(EXAMPLES) <= names


def test_examples_stand_at_the_input_on_pages_of_either_side(
    client: Client, reference: None, wu_manager: User
) -> None:
    page = client.get("/en/feedback/").content.decode()
    assert "Wrong: the school is bad." in page
    client.force_login(wu_manager)
    page = client.get("/admin/schedule/grant/add/").content.decode()
    assert "12 号文" in page


def test_so_have_the_words_of_every_step() -> None:
    steps = [step for step in (*LEDGER.values(), *SELF_CHECK.values()) if step.needs_comment]
    assert len(steps) > 8
    told = [str(EdgeForm(step=step).fields["comment"].help_text) for step in steps]
    assert [text for text in told if "对：" not in text or "错：" not in text] == []
    assert "3 所学校的批复已逐项核对" in str(
        EdgeForm(step=LEDGER["claim"]).fields["comment"].help_text
    )
