"""The forms of one service's own entry: its fields, numbers, places and hours."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.forms import BaseFormSet, formset_factory
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from entero.directory import hours as opening
from entero.directory.actions import PhoneRow, PlaceRow
from entero.directory.desk_forms import language
from entero.directory.hours import Hours
from entero.directory.models import Address, Phone, Service, Visibility
from entero.directory.places.states import STATES

WEEKDAYS = (
    _("Monday"),
    _("Tuesday"),
    _("Wednesday"),
    _("Thursday"),
    _("Friday"),
    _("Saturday"),
    _("Sunday"),
)
COSTS = ((1, _("Free")), (2, _("Sliding scale, by income")), (4, _("Takes insurance")))
GROUPS: tuple[tuple[Any, tuple[str, ...]], ...] = (
    (_("What it is"), ("name", "alternate_name", "description", "description_es", "alert", "url", "email")),
    (_("Who it is for"), ("eligibility_description", "minimum_age", "maximum_age", "reach")),
    (
        _("Getting in and paying"),
        ("application_process", "wait_time", "cost", "fees_description", "interpretation_services"),
    ),
)


class ServiceForm(forms.ModelForm):  # type: ignore[type-arg]
    """The service's own fields."""

    cost = forms.TypedMultipleChoiceField(
        label=_("Cost"),
        choices=COSTS,
        coerce=int,
        widget=forms.CheckboxSelectMultiple,
        required=False,
        empty_value=[],
    )
    url = forms.URLField(label=_("Web page"), max_length=500, required=False, assume_scheme="https")
    seen = forms.CharField(widget=forms.HiddenInput, max_length=40)

    class Meta:
        model = Service
        fields = (
            "name",
            "alternate_name",
            "description",
            "description_es",
            "alert",
            "eligibility_description",
            "minimum_age",
            "maximum_age",
            "application_process",
            "interpretation_services",
            "fees_description",
            "cost",
            "wait_time",
            "reach",
            "url",
            "email",
        )
        labels = {
            "name": _("Name"),
            "alternate_name": _("Other name"),
            "description": _("What it offers, in English"),
            "description_es": _("What it offers, in Spanish"),
            "alert": _("Alert, shown first"),
            "eligibility_description": _("Who it is for, in its own words"),
            "minimum_age": _("Lowest age"),
            "maximum_age": _("Highest age"),
            "application_process": _("How to get in"),
            "interpretation_services": _("Interpreters"),
            "fees_description": _("About fees"),
            "wait_time": _("How long people wait"),
            "reach": _("How far it reaches"),
            "email": _("E-mail"),
        }
        widgets = {
            name: forms.Textarea(attrs={"rows": 3})
            for name in (
                "description",
                "description_es",
                "alert",
                "eligibility_description",
                "application_process",
                "interpretation_services",
                "fees_description",
            )
        }

    def __init__(self, data: QueryDict | None = None, *, instance: Service, level: Visibility) -> None:
        bits = [bit for bit, _label in COSTS if instance.cost & bit]
        initial = {"cost": bits, "seen": instance.last_modified.isoformat()}
        super().__init__(data, instance=instance, initial=initial)
        for name, needed in instance.hidden_fields.items():
            if needed > level:
                self.fields.pop(name, None)

    def clean_cost(self) -> int:
        return sum(self.cleaned_data["cost"])

    def clean_seen(self) -> datetime:
        try:
            return datetime.fromisoformat(self.cleaned_data["seen"])
        except ValueError as error:
            raise ValidationError(_("This form is damaged. Open the page again.")) from error

    def clean(self) -> dict[str, Any]:
        found = super().clean() or self.cleaned_data
        lowest, highest = found.get("minimum_age"), found.get("maximum_age")
        if lowest is not None and highest is not None and lowest > highest:
            self.add_error("maximum_age", _("The highest age is below the lowest."))
        for name in ("minimum_age", "maximum_age"):
            if (found.get(name) or 0) > 120:
                self.add_error(name, _("Give an age in years, at most 120."))
        return found

    def groups(self) -> list[tuple[Any, list[forms.BoundField]]]:
        """Return the fields under headings; a field that is hidden from this person is not there."""
        return [(title, [self[name] for name in names if name in self.fields]) for title, names in GROUPS]

    def changes(self) -> dict[str, Any]:
        return {name: value for name, value in self.cleaned_data.items() if name != "seen"}


class PhoneForm(forms.Form):
    """One number to call; an empty one is removed."""

    id = forms.UUIDField(widget=forms.HiddenInput, required=False)
    number = forms.CharField(
        label=_("Number"),
        max_length=50,
        required=False,
        widget=forms.TextInput(attrs={"type": "tel"}),
        validators=[RegexValidator(r"\d{3}", _("A telephone number has digits in it."))],
    )
    extension = forms.IntegerField(label=_("Extension"), min_value=0, max_value=999_999, required=False)
    description = forms.CharField(label=_("What it is for"), max_length=255, required=False)

    def clean(self) -> dict[str, Any]:
        found = super().clean() or self.cleaned_data
        told = found.get("extension") is not None or found.get("description")
        if told and not found.get("number") and not found.get("id") and not self.errors:
            self.add_error("number", _("Give the number, or empty the whole row."))
        return found


class PlaceForm(forms.Form):
    """One address."""

    id = forms.UUIDField(widget=forms.HiddenInput)
    address_1 = forms.CharField(label=_("Street"), max_length=255)
    address_2 = forms.CharField(label=_("Suite or floor"), max_length=255, required=False)
    city = forms.CharField(label=_("City"), max_length=100)
    state_province = forms.ChoiceField(label=_("State"))
    postal_code = forms.CharField(
        label=_("ZIP code"),
        max_length=10,
        validators=[RegexValidator(r"^\d{5}(-\d{4})?$", _("A ZIP code has five digits."))],
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["state_province"]
        if isinstance(field, forms.ChoiceField):
            field.choices = [(state.code, state.label(language())) for state in STATES]


class HoursForm(forms.Form):
    """When it is open, a line for each day."""

    def __init__(self, *args: Any, hours: Iterable[Hours], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        days: list[list[Any]] = [[] for _day in WEEKDAYS]
        for row in hours:
            days[row.weekday].append((row.opens_at, row.closes_at))
        for number, (name, times) in enumerate(zip(WEEKDAYS, days, strict=True)):
            self.fields[f"day{number}"] = forms.CharField(
                label=name, max_length=100, required=False, initial=opening.show(times)
            )

    def clean(self) -> dict[str, Any]:
        found = super().clean() or self.cleaned_data
        for name, text in list(found.items()):
            try:
                found[name] = opening.parse(text)
            except opening.NotHours as wrong:
                self.add_error(
                    name,
                    ValidationError(
                        _("“%(part)s” is not clear. Write it like this: 9:00-12:00, 13:00-17:00."),
                        params={"part": wrong.part},
                    ),
                )
        return found

    def rows(self) -> list[Hours]:
        return [
            Hours(int(name.removeprefix("day")), opens_at, closes_at)
            for name, times in self.cleaned_data.items()
            for opens_at, closes_at in times
        ]


PhoneForms = formset_factory(PhoneForm, extra=1, max_num=30, absolute_max=30)
PlaceForms = formset_factory(PlaceForm, extra=0, max_num=30, absolute_max=30)


class EditForms:
    """The four forms of the page, valid only together."""

    def __init__(
        self,
        data: QueryDict | None,
        *,
        service: Service,
        level: Visibility,
        phones: Sequence[Phone],
        addresses: Sequence[Address],
        hours: Iterable[Hours],
    ) -> None:
        self.service = ServiceForm(data, instance=service, level=level)
        self.phones: BaseFormSet[PhoneForm] = PhoneForms(
            data, prefix="phones", initial=[_values(phone, PhoneForm) for phone in phones]
        )
        self.places: BaseFormSet[PlaceForm] = PlaceForms(
            data, prefix="places", initial=[_values(address, PlaceForm) for address in addresses]
        )
        self.hours = HoursForm(data, prefix="hours", hours=hours)

    def are_valid(self) -> bool:
        valid = [form.is_valid() for form in (self.service, self.phones, self.places, self.hours)]
        return all(valid)

    @property
    def errors(self) -> list[tuple[str, str]]:
        """Everything that is wrong, with the id of the field it is wrong with."""
        if not self.service.is_bound:
            return []
        every: list[forms.BaseForm] = [
            self.service,
            *self.phones.forms,
            *self.places.forms,
            self.hours,
        ]
        found = [("", str(message)) for form in every for message in form.non_field_errors()]
        return found + [
            (bound.id_for_label, f"{bound.label}: {message}")
            for form in every
            for bound in form
            for message in bound.errors
        ]

    def phone_rows(self) -> list[PhoneRow]:
        found = [form.cleaned_data for form in self.phones.forms if form.cleaned_data]
        return [
            PhoneRow(row.get("id"), row["number"].strip(), row["extension"], row["description"])
            for row in found
        ]

    def place_rows(self) -> list[PlaceRow]:
        return [PlaceRow(**form.cleaned_data) for form in self.places.forms]


def _values(row: Any, form: type[forms.Form]) -> dict[str, Any]:
    return {name: getattr(row, name) for name in form.base_fields}
