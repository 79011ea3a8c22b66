"""An account is a plain name and a password, and its name is one name whatever its case."""

import pytest
from django.contrib.auth import authenticate
from django.db import IntegrityError, transaction

from entero.kernel.accounts.models import User

PASSWORD = "a long walk by the river"

pytestmark = pytest.mark.django_db


def test_account_needs_no_mail_address() -> None:
    assert "email" not in {field.name for field in User._meta.get_fields()}


def test_name_signs_in_in_any_case() -> None:
    user = User.objects.create_user("Heron", PASSWORD)
    assert authenticate(username="hERON", password=PASSWORD) == user
    assert authenticate(username="heron", password=PASSWORD + "s") is None


def test_name_is_taken_in_every_case() -> None:
    User.objects.create_user("Heron", PASSWORD)
    with pytest.raises(IntegrityError), transaction.atomic():
        User.objects.create_user("heron", PASSWORD)


def test_plain_account_does_not_work_at_the_desk() -> None:
    assert User.objects.create_user("Heron", PASSWORD).is_staff is False
    assert User.objects.create_superuser("Cedar", PASSWORD).is_staff is True


def test_closed_account_cannot_sign_in() -> None:
    user = User.objects.create_user("Heron", PASSWORD)
    User.objects.filter(pk=user.pk).update(is_active=False)
    assert authenticate(username="Heron", password=PASSWORD) is None
