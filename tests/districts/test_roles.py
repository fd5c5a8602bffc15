"""The table of what each role may do."""

import pytest

from districts.roles import STAFF_ROLES, Role, allows, enters_app


@pytest.mark.parametrize(
    ("role", "permission", "is_allowed"),
    [
        (Role.KEEPER, "districts.add_user", True),
        (Role.KEEPER, "districts.view_school", False),
        (Role.KEEPER, "audit.view_entry", False),
        (Role.MANAGER, "districts.add_user", False),
        (Role.INSPECTOR, "districts.add_user", False),
        (Role.INSPECTOR, "schedule.add_planversion", True),
        (Role.INSPECTOR, "schedule.change_planversion", False),
        (Role.MANAGER, "schedule.change_planversion", False),
        (Role.MANAGER, "audit.view_entry", False),
        (Role.AUDITOR, "audit.view_entry", True),
        (Role.INSPECTOR, "audit.view_entry", False),
        (Role.OFFICER, "districts.view_school", False),
        ("nobody", "districts.view_school", False),
        (Role.MANAGER, "nonsense", False),
    ],
)
def test_table(role, permission, is_allowed):
    assert allows(role, permission) is is_allowed


@pytest.mark.parametrize("role", Role.values)
@pytest.mark.parametrize("action", ["add", "change", "delete"])
def test_nobody_changes_the_audit_trail(role, action):
    assert not allows(role, f"audit.{action}_entry")


@pytest.mark.parametrize("action", ["add", "change", "delete", "import"])
@pytest.mark.parametrize("model", ["districts.school", "districts.user", "schedule.planversion"])
def test_the_auditor_only_reads(action, model):
    app, name = model.split(".")
    assert not allows(Role.AUDITOR, f"{app}.{action}_{name}")


@pytest.mark.parametrize("role", Role.values)
def test_m43_accounts_business_and_audit_are_three_roles(role):
    """三员分立: whoever keeps accounts, changes what counts, or reads the trail does only that."""
    keeps = allows(role, "districts.change_user")
    manages = allows(role, "schedule.add_planversion") or allows(role, "indicators.change_standard")
    audits = allows(role, "audit.view_entry")
    assert keeps + manages + audits <= 1
    assert (keeps, audits) == (role == "keeper", role == "auditor")


@pytest.mark.parametrize("role", Role.values)
def test_only_municipal_people_find_something_in_the_admin(role):
    assert enters_app(role, "districts") is (role in STAFF_ROLES)


def test_a_disabled_account_may_nothing(wu_manager):
    assert wu_manager.is_staff
    assert wu_manager.has_perm("districts.view_school")
    wu_manager.is_active = False
    assert not wu_manager.is_staff
    assert not wu_manager.has_perm("districts.view_school")
    assert not wu_manager.has_module_perms("districts")
