"""What a visitor has answered so far, carried in the form itself: signed, and gone after a while.

Nothing is kept on the server and no cookie is set. The state is not secret from the visitor; signing
only stops others from handing out prepared forms, and the age limits what a saved page can do.
"""

from typing import Any

from django.core import signing

SALT = "entero.form-state"
LIFETIME_SECONDS = 2 * 60 * 60
MAX_LENGTH = 8_000


class StateExpired(Exception):
    """The form was left open too long, or was changed on the way."""


def seal(answers: dict[str, Any]) -> str:
    """Return the answers as one signed, time-stamped, compressed field."""
    return signing.dumps(answers, salt=SALT, compress=True)


def unseal(field: str) -> dict[str, Any]:
    """Return the answers. Raises StateExpired on an old, foreign or damaged field."""
    if len(field) > MAX_LENGTH:
        raise StateExpired
    try:
        answers = signing.loads(field, salt=SALT, max_age=LIFETIME_SECONDS)
    except signing.BadSignature as error:
        raise StateExpired from error
    if not isinstance(answers, dict):
        raise StateExpired
    return answers
