"""Who may come to the desk, and how one signs in."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from entero.directory import desk_sign_in, desk_urls
from entero.directory.models import ImportRun, Service, Visibility
from entero.kernel.safety.rate import Limiter
from tests import make

pytestmark = pytest.mark.django_db

SIGN_IN = "/desk/sign-in/"


@pytest.fixture(autouse=True)
def _quick_passwords(settings: Any) -> None:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture(autouse=True)
def _fresh_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(desk_sign_in, "tries", Limiter(desk_sign_in.TRIES, desk_sign_in.TRIES_SECONDS))


def addresses(service: Service) -> Iterator[str]:
    """Every address of the desk but the door, with objects that exist."""
    report = make.report(service)
    run = ImportRun.objects.create(file_name="f.csv", state="dry", started_at=timezone.now())
    values: dict[str, dict[str, Any]] = {"report_id": {"report_id": report.pk}, "run_id": {"run_id": run.pk}}
    for entry in desk_urls.urlpatterns:
        if entry.name == "sign_in":
            continue
        needed = next(iter(entry.pattern.converters), "")
        yield reverse(
            f"desk:{entry.name}", kwargs=values.get(needed, {"service_id": service.pk} if needed else {})
        )


def test_nobody_comes_in_without_signing_in(client: Client) -> None:
    tried = 0
    for address in addresses(make.service()):
        for answer in (client.get(address), client.post(address)):
            assert answer.status_code == 302, address
            assert answer["Location"] == f"{SIGN_IN}?next={address}"
            tried += 1
    assert tried == 2 * (len(desk_urls.urlpatterns) - 1)
    assert settings.SESSION_COOKIE_NAME not in client.cookies


def test_stranger_with_an_account_comes_nowhere(client: Client) -> None:
    client.force_login(make.stranger())
    for address in addresses(make.service()):
        assert client.get(address).status_code == 403, address
        assert client.post(address).status_code == 403, address


def test_staff_come_everywhere(client: Client) -> None:
    client.force_login(make.staff())
    for address in addresses(make.service()):
        assert client.get(address).status_code in {200, 405}, address


def test_sealed_service_is_not_there_for_staff_and_is_for_superusers(client: Client) -> None:
    service = make.service("The hidden house")
    everywhere = [address for address in addresses(service) if str(service.pk) in address]
    review = next(
        address for address in addresses(service) if "/reports/" in address and address[-2].isdigit()
    )
    Service.objects.update(visibility=Visibility.SEALED)
    client.force_login(make.staff())
    for address in (*everywhere, review):
        assert client.get(address).status_code in {404, 405}, address
        assert client.post(address).status_code in {404, 405}, address
    for name in ("directory", "services", "queue", "reports"):
        assert b"The hidden house" not in client.get(reverse(f"desk:{name}")).content
    client.force_login(make.superuser())
    assert client.get(review).status_code == 200
    for name in ("directory", "services", "queue", "reports"):
        assert b"The hidden house" in client.get(reverse(f"desk:{name}")).content


def test_forms_of_the_desk_need_their_token() -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(make.staff())
    for address in addresses(make.service()):
        assert client.post(address).status_code == 403, address
    assert client.post(SIGN_IN).status_code == 403


# --- the door


def sign_in(client: Client, name: str = "heron", password: str = make.PASSWORD, **more: str) -> Any:
    return client.post(SIGN_IN, {"username": name, "password": password, **more})


def test_staff_sign_in_and_out(client: Client) -> None:
    make.staff()
    answer = sign_in(client, "HERON")
    assert (answer.status_code, answer["Location"]) == (302, "/desk/")
    assert client.get("/desk/").status_code == 200
    answer = client.post("/desk/sign-out/")
    assert answer["Location"] == SIGN_IN
    assert client.get("/desk/").status_code == 302


def test_signing_out_needs_a_form(client: Client) -> None:
    client.force_login(make.staff())
    assert client.get("/desk/sign-out/").status_code == 405
    assert client.get("/desk/").status_code == 200


def test_session_is_new_after_signing_in(client: Client) -> None:
    make.staff()
    session = client.session
    session["planted"] = 1
    session.save()
    before = session.session_key
    client.cookies[settings.SESSION_COOKIE_NAME] = before
    sign_in(client)
    assert client.session.session_key != before


def test_every_refusal_reads_the_same(client: Client) -> None:
    make.staff()
    make.stranger()
    closed = make.staff("birch")
    closed.is_active = False
    closed.save(update_fields=["is_active"])
    answers = [
        sign_in(client, "nobody"),
        sign_in(client, "heron", "a short walk by the river"),
        sign_in(client, "maple"),
        sign_in(client, "birch"),
    ]
    said = {
        (answer.status_code, answer.context["form"].non_field_errors()[0], "sessionid" in answer.cookies)
        for answer in answers
    }
    assert said == {(422, "The name and the password do not belong together.", False)}


def test_name_is_given_back_and_the_password_is_not(client: Client) -> None:
    answer = sign_in(client, "heron", "not the password")
    assert b'value="heron"' in answer.content
    assert b"not the password" not in answer.content


def test_too_many_tries_are_stopped_even_with_the_right_password(client: Client) -> None:
    make.staff()
    for _ in range(desk_sign_in.TRIES):
        assert sign_in(client, "heron", "wrong").status_code == 422
    assert sign_in(client).status_code == 429
    assert client.get("/desk/").status_code == 302
    assert (
        Client(REMOTE_ADDR="198.51.100.7")
        .post(SIGN_IN, {"username": "heron", "password": make.PASSWORD})
        .status_code
        == 302
    )


@pytest.mark.parametrize(
    ("wanted", "leads_to"),
    [
        ("/desk/reports/", "/desk/reports/"),
        ("/desk/services/?words=a", "/desk/services/?words=a"),
        ("https://evil.example/desk/", "/desk/"),
        ("//evil.example/desk/", "/desk/"),
        ("/\\evil.example", "/desk/"),
        ("/en/", "/desk/"),
        ("javascript:alert(1)", "/desk/"),
        ("/desk/../../evil", "/desk/"),
    ],
)
def test_signing_in_leads_inside_the_desk_only(client: Client, wanted: str, leads_to: str) -> None:
    make.staff()
    assert sign_in(client, next=wanted)["Location"] == leads_to


# --- its language


def test_language_is_chosen_for_the_desk_alone(client: Client) -> None:
    client.force_login(make.staff())
    answer = client.post("/desk/language/", {"language": "es", "next": "/desk/reports/"})
    assert answer["Location"] == "/desk/reports/"
    cookie = answer.cookies[settings.LANGUAGE_COOKIE_NAME]
    assert (cookie.value, cookie["path"], cookie["samesite"], bool(cookie["httponly"])) == (
        "es",
        "/desk/",
        "Strict",
        True,
    )
    assert b'<html lang="es"' in client.get("/desk/").content


def test_language_can_be_chosen_at_the_door(client: Client) -> None:
    answer = client.post(SIGN_IN, {"language": "es", "next": SIGN_IN})
    assert answer["Location"] == SIGN_IN
    assert b'<html lang="es"' in client.get(SIGN_IN).content


def test_unknown_language_changes_nothing(client: Client) -> None:
    answer = client.post(SIGN_IN, {"language": "../../etc", "next": "https://evil.example/"})
    assert answer["Location"] == "/desk/"
    assert settings.LANGUAGE_COOKIE_NAME not in answer.cookies


def test_browser_language_counts_before_anything_is_chosen(client: Client) -> None:
    page = client.get(SIGN_IN, headers={"Accept-Language": "es-MX,es;q=0.9"})
    assert b'<html lang="es"' in page.content


def test_desk_is_never_kept_by_a_cache(client: Client) -> None:
    assert "no-store" in client.get(SIGN_IN)["Cache-Control"]
    client.force_login(make.staff())
    assert "no-store" in client.get("/desk/")["Cache-Control"]
