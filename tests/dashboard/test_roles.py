import pytest
from django.contrib.auth.models import Permission

from dashboard.models import User
from dashboard.roles import ASK_AS_MEMBER, KEEP_PEOPLE, ROLES

SLUGS = {
    "councillor", "chair", "co-opted", "substitute", "cabinet-member", "officer", "theme-lead",
    "director", "scrutiny-officer", "data-admin", "administrator",
}  # fmt: skip


def holding(permission: str) -> set[str]:
    return {role.slug for role in ROLES if permission in role.permissions}


def test_roles_are_these():
    assert {role.slug for role in ROLES} == SLUGS
    assert len({role.title for role in ROLES}) == len(ROLES)


@pytest.mark.parametrize("role", ROLES, ids=lambda role: role.slug)
def test_each_is_a_sentence_and_its_permissions_once(role):
    assert role.sentence.endswith(".")
    assert role.sentence[0].isupper()
    assert len(set(role.permissions)) == len(role.permissions)


def test_members_ask_and_a_cabinet_member_does_not():
    """Whatever asking will be made of hangs on this permission, and not on reading."""
    assert holding(ASK_AS_MEMBER) == {"councillor", "chair", "co-opted", "substitute"}


def test_people_are_kept_by_the_administrator_alone():
    assert holding(KEEP_PEOPLE) == {"administrator"}


@pytest.mark.django_db
@pytest.mark.parametrize("slug", sorted(SLUGS))
def test_the_demonstration_has_a_person_of_each(slug):
    person = User.objects.get(username=slug)
    role = next(role for role in ROLES if role.slug == slug)
    assert person.get_all_permissions() == set(role.permissions)
    assert person.email == f"{slug}@panel.example"


@pytest.mark.django_db
def test_every_permission_is_there():
    known = {
        f"{app}.{name}"
        for app, name in Permission.objects.values_list("content_type__app_label", "codename")
    }
    assert {name for role in ROLES for name in role.permissions} <= known
