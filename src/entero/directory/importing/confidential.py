"""What a record says about who may see it. HSDS has no such field, so publishers use their own."""

from typing import Any

from entero.directory.models import Visibility

FLAGS = frozenset(
    """confidential is_confidential private is_private restricted is_restricted hidden is_hidden
    redacted is_redacted undisclosed is_undisclosed unlisted is_unlisted unpublished confidential_address
    confidential_location private_address private_location address_confidential location_confidential
    address_private location_private do_not_publish not_public internal_only""".split()
)
PUBLIC_FLAGS = frozenset("public is_public publish is_published published show_publicly".split())
LEVELS = frozenset(
    """visibility privacy confidentiality access access_level publication sensitivity privacy_level
    visibility_level""".split()
)
CLOSED = frozenset(
    """private confidential restricted internal staff partner partners hidden secret sealed undisclosed
    unlisted unpublished nonpublic notpublic""".split()
)
ADDRESS_WORDS = ("confidential", "undisclosed", "not disclosed", "secret location", "private location")
YES = frozenset("true yes y t 1 x si sí".split())
NO = frozenset("false no n f 0".split())


def level(record: dict[str, Any]) -> Visibility:
    """Return STAFF for a record that says it is not for everyone, PUBLIC for one that says nothing."""
    return Visibility.STAFF if any(_closes(*item) for item in record.items()) else Visibility.PUBLIC


def _closes(name: str, value: Any) -> bool:
    if name == "attributes" and isinstance(value, list):
        return any(_attribute_closes(found) for found in value if isinstance(found, dict))
    if isinstance(value, list | dict):
        return False
    plain = name.strip().lower().replace("-", "_").replace(" ", "_")
    text = str(value).strip().lower()
    if plain in FLAGS:
        return text in YES or _is_closed(text)
    if plain in PUBLIC_FLAGS:
        return text in NO
    if plain in LEVELS:
        return _is_closed(text)
    return plain.startswith("address_") and any(word in text for word in ADDRESS_WORDS)


def _attribute_closes(attribute: dict[str, Any]) -> bool:
    term = attribute.get("taxonomy_term")
    named = term if isinstance(term, dict) else {}
    words = (named.get("code"), named.get("name"), attribute.get("value"), attribute.get("label"))
    says_no = str(attribute.get("value") or "").strip().lower() in NO
    return not says_no and any(_is_closed(str(word).strip().lower()) for word in words if word)


def _is_closed(text: str) -> bool:
    letters = "".join(sign for sign in text if sign.isalpha())
    return letters in CLOSED or letters.removesuffix("location").removesuffix("address") in CLOSED
