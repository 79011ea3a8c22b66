"""The doors of the shell: named by address, so that a door of a module that is not there is left out."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class Door:
    """One entry of a navigation, by the name of its address."""

    label: str | Promise
    url_name: str


@dataclass(frozen=True)
class OpenDoor:
    """A door that exists, and whether we stand in it."""

    label: str | Promise
    url: str
    is_here: bool


PUBLIC = (
    Door(_("Find help"), "directory:find_help"),
    Door(_("Crisis lines"), "directory:crisis"),
)
DESK = (
    Door(_("Directory"), "desk:directory"),
    Door(_("Services"), "desk:services"),
    Door(_("Reports"), "desk:reports"),
    Door(_("To check"), "desk:queue"),
    Door(_("Import"), "desk:import"),
)
ABOUT = (
    Door(_("How we protect you"), "protection"),
    Door(_("What we cannot protect"), "limits"),
    Door(_("Leaving fast"), "leaving"),
)


def open_doors(doors: Iterable[Door], path: str) -> Iterator[OpenDoor]:
    """Yield the doors that have an address in this installation."""
    for door in doors:
        try:
            url = reverse(door.url_name)
        except NoReverseMatch:
            continue
        yield OpenDoor(door.label, url, is_here=path == url)
