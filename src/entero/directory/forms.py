"""What the public pages take in: one small form for each question, and the report of being turned away.

Nothing is required: an empty answer is an answer. Every form turns what it got into changes of ``Answers``.
"""

import re
from typing import Any, ClassVar

from django import forms
from django.utils.functional import Promise
from django.utils.text import capfirst
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from entero.directory.find_help import answers as told
from entero.directory.find_help.answers import Answers
from entero.directory.models import Refusal
from entero.directory.places import finder
from entero.directory.places.states import STATES
from entero.directory.vocabulary.people import Gender
from entero.directory.vocabulary.terms import Kind, languages, populations, terms

Text = str | Promise
Choices = list[tuple[str, Text]]
UNSEEN = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")
NUMBER = re.compile(r"\d{1,3}")
BAND_NAMES: dict[str, Text] = {
    "minor": _("Under 18"),
    "young_adult": _("18 to 25"),
    "adult": _("26 to 64"),
    "older_adult": _("65 or older"),
}
GENDER_NAMES: dict[str, Text] = {
    "man": _("Man"),
    "boy": _("Boy"),
    "woman": _("Woman"),
    "girl": _("Girl"),
    "trans_man": _("Trans man or boy"),
    "trans_woman": _("Trans woman or girl"),
    "non_binary": _("Non-binary"),
}
COMMON_LANGUAGES = ("en", "es", "ase", "zh", "vi", "tl", "ht", "pt", "ar", "fr", "ru", "ko")


def page_language() -> str:
    """Return the language of the page, as the pure packages know it."""
    return "es" if (get_language() or "").startswith("es") else "en"


class PlainText(forms.CharField):
    """A line of text; what nobody can see is left out and what is too long is cut."""

    def to_python(self, value: Any) -> str:
        text = UNSEEN.sub("", str(value or "")).strip()
        return text[: self.max_length] if self.max_length else text

    def run_validators(self, value: Any) -> None:
        """Whatever is left is fine."""


class StepForm(forms.Form):
    """The answer to one question."""

    use_required_attribute = False
    names: ClassVar[tuple[str, ...]] = ()
    """The fields of ``Answers`` that this form fills."""

    def __init__(self, data: Any = None, *, answers: Answers, label: Text, hint: Text) -> None:
        super().__init__(data, initial=self.initial_of(answers))
        first: Any = next(iter(self.fields.values()))
        first.label, first.help_text = label, hint
        self.before = answers
        self.prepare(answers)

    def initial_of(self, answers: Answers) -> dict[str, Any]:
        return {name: getattr(answers, name) for name in self.names}

    def prepare(self, answers: Answers, /) -> None:
        """Fit the choices to what was told before."""

    def changes(self) -> dict[str, Any]:
        """Return the new values of ``Answers``; only for a valid form."""
        return {name: self._value(name) for name in self.names}

    def _value(self, name: str) -> Any:
        value = self.cleaned_data.get(name)
        return tuple(value) if isinstance(value, list) else value


def _choice(choices: Choices | None = None) -> forms.ChoiceField:
    return forms.ChoiceField(required=False, widget=forms.RadioSelect, choices=choices or [])


def _several() -> forms.MultipleChoiceField:
    return forms.MultipleChoiceField(required=False, widget=forms.CheckboxSelectMultiple)


class WhoForm(StepForm):
    names = ("who",)
    who = _choice([(told.ME, _("For me")), (told.OTHER, _("For someone else"))])


class PlaceForm(StepForm):
    """A place in free form; where several fit, the visitor chooses."""

    names = ("place",)
    place = PlainText(required=False, widget=forms.TextInput(attrs={"autocomplete": "off"}))

    def initial_of(self, answers: Answers) -> dict[str, Any]:
        return {"place": answers.place.label if answers.place else ""}

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        text = cleaned.get("place", "")
        found = finder.find(text) if text else None
        if isinstance(found, finder.Ambiguous | finder.NotFound):
            found = self._choose(found)
        cleaned["place"] = found.place if isinstance(found, finder.Found) else None
        return cleaned

    def _choose(self, found: finder.Ambiguous | finder.NotFound) -> finder.Found | None:
        labels = (
            found.hints
            if isinstance(found, finder.NotFound)
            else tuple(place.label for place in found.places)
        )
        picked = self.data.get("pick")
        if picked in labels:
            again = finder.find(str(picked))
            return again if isinstance(again, finder.Found) else None
        if isinstance(found, finder.NotFound):
            self.add_error("place", _("We do not know this place. Try a ZIP code or a city nearby."))
        if labels:
            self._offer(labels, known=isinstance(found, finder.Ambiguous))
        return None

    def _offer(self, labels: tuple[str, ...], *, known: bool) -> None:
        pick = _choice([(label, label) for label in labels])
        pick.label = _("Which one is it?") if known else _("Or is it one of these?")
        self.fields["pick"] = pick
        if known:
            self.add_error("pick", _("There is more than one place with this name. Choose one."))


class NeedsForm(StepForm):
    names = ("needs", "words")
    needs = _several()
    words = PlainText(
        required=False,
        max_length=told.MAX_WORDS,
        label=_("Or say it in your own words"),
        help_text=_("For example: someone to talk to about what happened. No names are needed."),
        widget=forms.Textarea(attrs={"rows": 3, "autocomplete": "off"}),
    )

    def prepare(self, answers: Answers, /) -> None:
        language = page_language()
        asked = [term for term in terms().values() if term.asked or term.id in answers.needs]
        self._named("needs").choices = [
            (term.id, term.label(language)) for term in asked if term.kind is Kind.NEED
        ]

    def _named(self, name: str) -> Any:
        return self.fields[name]


class AgeForm(StepForm):
    names = ("age", "band")
    age = PlainText(
        required=False,
        max_length=40,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )
    band = forms.ChoiceField(
        required=False,
        widget=forms.RadioSelect,
        label=_("Or choose an age group"),
        choices=list(BAND_NAMES.items()),
    )

    def clean_age(self) -> int | None:
        text = self.cleaned_data["age"]
        if not text:
            return None
        numbers = NUMBER.findall(text)
        if len(numbers) != 1 or int(numbers[0]) > told.MAX_AGE or "-" in text:
            raise forms.ValidationError(_("Write the age as a number, like 15. Or choose a group."))
        return int(numbers[0])

    def changes(self) -> dict[str, Any]:
        """The years say more than the group."""
        found = super().changes()
        return found if found["age"] is None else {**found, "band": ""}


class GenderForm(StepForm):
    names = ("gender",)
    gender = _choice()

    def initial_of(self, answers: Answers) -> dict[str, Any]:
        from entero.directory.find_help.profile_of import gender_of

        return {"gender": gender_of(answers) or ""}

    def prepare(self, answers: Answers, /) -> None:
        left_out = {
            None: set(),
            True: {Gender.MAN, Gender.WOMAN},
            False: {Gender.BOY, Gender.GIRL},
        }[answers.is_minor]
        field: Any = self.fields["gender"]
        field.choices = [(name, label) for name, label in GENDER_NAMES.items() if name not in left_out]


class IdentityForm(StepForm):
    names = ("identities",)
    identities = _choice([("gay_bisexual", _("Yes")), (told.NO, _("No"))])

    def initial_of(self, answers: Answers) -> dict[str, Any]:
        return {"identities": next(iter(answers.identities), "")}

    def changes(self) -> dict[str, Any]:
        said = self.cleaned_data["identities"]
        return {"identities": (said,) if said not in {"", told.NO} else ()}


class CircumstancesForm(StepForm):
    names = ("circumstances",)
    circumstances = _several()

    def prepare(self, answers: Answers, /) -> None:
        language = page_language()
        field: Any = self.fields["circumstances"]
        field.choices = [
            (who.id, who.asked_label(language))
            for who in populations().values()
            if who.asked or who.id in answers.circumstances
        ]


class LanguagesForm(StepForm):
    names = ("languages",)
    languages = _several()
    another = forms.ChoiceField(required=False, label=_("Another language"))

    def initial_of(self, answers: Answers) -> dict[str, Any]:
        spoken = answers.languages or (page_language(),)
        return {"languages": spoken, "another": next((c for c in spoken if c not in COMMON_LANGUAGES), "")}

    def prepare(self, _answers: Answers, /) -> None:
        language = page_language()
        common: Any = self.fields["languages"]
        another: Any = self.fields["another"]
        common.choices = [(code, _language_label(code, language)) for code in COMMON_LANGUAGES]
        others = [code for code in languages() if code not in COMMON_LANGUAGES]
        another.choices = [("", "—"), *((code, _language_label(code, language)) for code in others)]

    def changes(self) -> dict[str, Any]:
        """Keep the order of preference: the language of the page first, then as listed."""
        chosen = [*self.cleaned_data["languages"], *filter(None, [self.cleaned_data["another"]])]
        first = page_language()
        return {"languages": tuple(sorted(chosen, key=lambda code: code != first))}


def _language_label(code: str, language: str) -> str:
    spoken = languages()[code]
    named = spoken.label(language)
    own = spoken.own[:1].upper() + spoken.own[1:]
    return own if own.lower() == named.lower() else f"{own} ({named})"


class CostForm(StepForm):
    names = ("cost",)
    cost = _choice(
        [
            (told.FREE, _("It has to be free")),
            (told.INSURANCE, _("With health insurance, Medicaid or Medicare")),
        ]
    )


class HowForm(StepForm):
    names = ("how",)
    how = _choice(
        [
            (told.EITHER, _("Either is fine")),
            (told.PHONE, _("Only by phone or video, without going anywhere")),
        ]
    )


class WhenForm(StepForm):
    names = ("when",)
    when = _choice([(told.NOW, _("Yes, right now")), (told.ANY_TIME, _("No, later is fine"))])


class TurnedAwayForm(forms.Form):
    """Why a service sent somebody away: codes only, no words."""

    use_required_attribute = False
    reason = forms.ChoiceField(
        label=_("Why did they say no?"),
        widget=forms.RadioSelect,
        choices=[(code, capfirst(label)) for code, label in Refusal.choices],
        error_messages={"required": _("Choose what comes closest.")},
    )
    population = forms.ChoiceField(
        label=_("Who was turned away?"),
        help_text=_("You can leave this empty."),
        required=False,
        choices=[
            ("", "—"),
            *GENDER_NAMES.items(),
            *BAND_NAMES.items(),
            ("gay_bisexual", _("Gay or bisexual")),
        ],
    )


class StateForm(forms.Form):
    """Which state's lines to show."""

    state = forms.ChoiceField(label=_("State"), required=False)

    def __init__(self, data: Any = None) -> None:
        super().__init__(data)
        language = page_language()
        field: Any = self.fields["state"]
        field.choices = [
            ("", _("The whole country")),
            *sorted(((state.code, state.label(language)) for state in STATES), key=lambda pair: pair[1]),
        ]
