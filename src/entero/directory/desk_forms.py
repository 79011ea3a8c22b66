"""What people at the desk type, made clean; every form gives back what was typed."""

from collections.abc import Iterable, Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from entero.directory import kept_files
from entero.directory.acceptance.refusals import population_refused, speaks_of
from entero.directory.actions.facts import CHECKED_BY_US, OUR_OWN
from entero.directory.models import Answer, ServiceStatus, Source, Trust, TurnedAway, Visibility
from entero.directory.parts_of import Part
from entero.directory.places.states import STATES
from entero.directory.vocabulary.terms import populations

GROUPS = {
    "gender": _("Gender"),
    "age": _("Age"),
    "identity": _("Identity"),
    "history": _("What happened"),
    "circumstance": _("Circumstances"),
    "program": _("Program"),
}
PART_NAMES = {
    "service": _("The whole service"),
    "description": _("What it offers, in English"),
    "description_es": _("What it offers, in Spanish"),
    "email": _("E-mail"),
    "url": _("Web page"),
    "eligibility_description": _("Who it is for, in its own words"),
    "application_process": _("How to get in"),
    "fees_description": _("About fees"),
    "alert": _("Alert, shown first"),
    "place": _("The whole place"),
    "street": _("Street and point on the map"),
    "phone": _("Phone"),
    "hours": _("Hours"),
}
Choices = list[tuple[Any, Any]]


def language() -> str:
    return (get_language() or "en")[:2]


def population_choices(empty: Any = None, only: Iterable[str] | None = None) -> Choices:
    """Return the populations, grouped, in the reader's language."""
    wanted = set(populations() if only is None else only)
    found: Choices = [] if empty is None else [("", empty)]
    for group, title in GROUPS.items():
        members = [
            (name, population.label(language()))
            for name, population in populations().items()
            if population.group == group and name in wanted
        ]
        if members:
            found.append((title, members))
    return found


def source_choices() -> Choices:
    """Return our own sources first, then the others by name; anonymous reports are no source here."""
    spanish = language() == "es"
    own: Choices = [(slug, row["name_es" if spanish else "name"]) for slug, row in OUR_OWN.items()]
    others = Source.objects.filter(trust__gt=Trust.REPORT).exclude(slug__in=OUR_OWN).order_by("name")
    return own + [(row.slug, (spanish and row.name_es) or row.name) for row in others]


def level_choices(highest: Visibility) -> Choices:
    return [(level.value, level.label) for level in Visibility if level <= highest]


def set_choices(form: forms.Form, choices: dict[str, Choices]) -> None:
    for name, values in choices.items():
        field = form.fields[name]
        if isinstance(field, forms.ChoiceField):
            field.choices = values


class SignInForm(forms.Form):
    """A name and a password."""

    username = forms.CharField(
        label=_("Name"), max_length=150, widget=forms.TextInput(attrs={"autocomplete": "username"})
    )
    password = forms.CharField(
        label=_("Password"),
        max_length=1000,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )


class FilterForm(forms.Form):
    """What to look for among the services. Wrong values are left out, never an error."""

    words = forms.CharField(label=_("Name, city or ZIP code"), max_length=100, required=False)
    state = forms.ChoiceField(label=_("State"), required=False)
    population = forms.ChoiceField(label=_("About"), required=False)
    answer = forms.ChoiceField(label=_("What is known"), required=False)
    status = forms.ChoiceField(label=_("Open or closed"), required=False)
    source = forms.ChoiceField(label=_("Source"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        states = [(state.code, state.label(language())) for state in STATES]
        choices: dict[str, Choices] = {
            "state": [("", _("Every state")), *states],
            "population": population_choices(_("Everybody")),
            "answer": [("", _("Anything")), *Answer.choices],
            "status": [("", _("All")), *ServiceStatus.choices],
            "source": [("", _("Every source")), *source_choices()],
        }
        set_choices(self, choices)

    def found(self) -> dict[str, str]:
        """Return the values that make sense."""
        self.is_valid()
        return {name: str(value) for name, value in self.cleaned_data.items() if value}


class FactForm(forms.Form):
    """Whom the service takes, and who says so."""

    population = forms.ChoiceField(label=_("Who"))
    answer = forms.ChoiceField(
        label=_("Does it take them?"), choices=Answer.choices, widget=forms.RadioSelect
    )
    source = forms.ChoiceField(label=_("Who says so"))
    observed_on = forms.DateField(
        label=_("On what day"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    note = forms.CharField(
        label=_("Note"),
        help_text=_("What was said, for whoever asks next. Never the name of somebody who was helped."),
        max_length=255,
        required=False,
    )
    visibility = forms.TypedChoiceField(
        label=_("Who may see this fact"), coerce=lambda value: Visibility(int(value))
    )

    def __init__(self, data: QueryDict | None = None, *, level: Visibility, population: str = "") -> None:
        initial = {
            "population": population,
            "source": CHECKED_BY_US,
            "observed_on": timezone.localdate(),
            "visibility": Visibility.PUBLIC,
        }
        super().__init__(data, initial=initial)
        set_choices(
            self,
            {
                "population": population_choices(_("Choose who")),
                "source": source_choices(),
                "visibility": level_choices(level),
            },
        )

    def clean_observed_on(self) -> Any:
        day = self.cleaned_data["observed_on"]
        if day > timezone.localdate():
            raise ValidationError(_("This day has not come yet. Give the day when it was said."))
        return day


class ReviewForm(forms.Form):
    """What the service said when somebody of us asked it."""

    confirmed = forms.TypedChoiceField(
        label=_("Is it true?"),
        choices=[
            ("yes", _("Yes, we asked and it is so")),
            ("no", _("No, we asked and it is not so, or not any more")),
        ],
        coerce=lambda value: value == "yes",
        widget=forms.RadioSelect,
        empty_value=None,
    )
    population = forms.ChoiceField(
        label=_("Whom does the service not take?"),
        help_text=_("A fact “no” is written for them, checked by our staff today."),
        required=False,
    )

    def __init__(self, data: QueryDict | None = None, *, report: TurnedAway) -> None:
        self.report = report
        told = population_refused(report.reason, report.population)
        super().__init__(data, initial={"population": told})
        possible = speaks_of(report.reason)
        if possible:
            set_choices(self, {"population": population_choices(_("Choose who"), possible)})
        else:
            del self.fields["population"]

    def clean(self) -> dict[str, Any]:
        found = super().clean() or self.cleaned_data
        if found.get("confirmed") and "population" in self.fields and not found.get("population"):
            self.add_error("population", _("Say whom the service does not take."))
        return found


class CapacityForm(forms.Form):
    """How much room there is today."""

    available = forms.IntegerField(label=_("Free today"), min_value=0, max_value=10_000)
    maximum = forms.IntegerField(label=_("Of how many"), min_value=0, max_value=10_000, required=False)
    unit = forms.ChoiceField(
        label=_("Counted in"), choices=[("beds", _("beds")), ("places", _("places in a program"))]
    )
    population = forms.ChoiceField(label=_("For whom"), required=False)
    waiting_list = forms.TypedChoiceField(
        label=_("Is there a waiting list?"),
        choices=[("", _("not known")), ("yes", _("yes")), ("no", _("no"))],
        coerce=lambda value: value == "yes",
        empty_value=None,
        required=False,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        set_choices(self, {"population": population_choices(_("Everybody"))})

    def clean(self) -> dict[str, Any]:
        found = super().clean() or self.cleaned_data
        available, maximum = found.get("available"), found.get("maximum")
        if available is not None and maximum is not None and available > maximum:
            self.add_error("maximum", _("There cannot be more free than there are."))
        return found


class CloseForm(forms.Form):
    """For now or for good."""

    for_good = forms.TypedChoiceField(
        label=_("How is it closed?"),
        choices=[("no", _("For now: it will open again")), ("yes", _("For good"))],
        coerce=lambda value: value == "yes",
        widget=forms.RadioSelect,
    )


class VisibilityForm(forms.Form):
    """One choice for each part of a service."""

    def __init__(self, data: QueryDict | None = None, *, parts: Sequence[Part], level: Visibility) -> None:
        super().__init__(data)
        self.parts = parts
        for part in parts:
            self.fields[part.key] = forms.TypedChoiceField(
                label=part.shows,
                choices=level_choices(level),
                coerce=lambda value: Visibility(int(value)),
                initial=part.level.value,
            )

    def rows(self) -> list[tuple[Any, Part, forms.BoundField]]:
        """Return what each part is called, the part, and its choice."""
        return [(PART_NAMES[part.kind], part, self[part.key]) for part in self.parts]


class ImportForm(forms.Form):
    """A file of a directory."""

    file = forms.FileField(
        label=_("File"),
        help_text=_(
            "A SAMHSA directory (xlsx or CSV), HSDS JSON, or an HSDS data package (zip). At most 60 MB."
            " What it is shows from its content."
        ),
        allow_empty_file=True,
        widget=forms.FileInput(attrs={"accept": ".xlsx,.csv,.gz,.json,.zip"}),
    )
    source = forms.SlugField(
        label=_("Name of the source"),
        help_text=_(
            "Small letters, digits and dashes. Leave it empty for SAMHSA; for others, the same name again"
            " updates what came before."
        ),
        max_length=60,
        required=False,
    )

    def clean_file(self) -> Any:
        upload = self.cleaned_data["file"]
        if upload.size > kept_files.MAX_BYTES:
            raise ValidationError(_("The file is larger than 60 MB. Import it on the server instead."))
        return upload
