"""The questions, in their order. Each is a page of its own, and each can be skipped."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from entero.directory import forms
from entero.directory.find_help.answers import Answers

Text = str | Promise


@dataclass(frozen=True)
class Step:
    """One question, as it is put to the person and to somebody who asks for another."""

    id: str
    form: type[forms.StepForm]
    label: Text
    """What the answer is called where it is shown again."""
    to_me: Text
    of_other: Text
    hint: Text = ""
    sensitive: bool = False

    @property
    def names(self) -> tuple[str, ...]:
        return self.form.names

    def question(self, answers: Answers) -> Text:
        return self.of_other if answers.for_other else self.to_me

    @property
    def skip_label(self) -> Text:
        return _("I would rather not say") if self.sensitive else _("Skip this question")

    def bound(self, data: object, answers: Answers) -> forms.StepForm:
        return self.form(data, answers=answers, label=self.question(answers), hint=self.hint)

    def unbound(self, answers: Answers) -> forms.StepForm:
        return self.bound(None, answers)


STEPS: tuple[Step, ...] = (
    Step(
        "who",
        forms.WhoForm,
        _("Help for"),
        _("Who is the help for?"),
        _("Who is the help for?"),
    ),
    Step(
        "place",
        forms.PlaceForm,
        _("Near"),
        _("Where do you need help?"),
        _("Where does this person need help?"),
        _("A ZIP code, its first 3 digits, a city or a state. For example: 92101, 921, or San Diego."),
    ),
    Step(
        "needs",
        forms.NeedsForm,
        _("Help with"),
        _("What kind of help?"),
        _("What kind of help?"),
        _("Choose as many as you like."),
    ),
    Step(
        "age",
        forms.AgeForm,
        _("Age"),
        _("How old are you?"),
        _("How old is this person?"),
        _("Many places take only some ages."),
    ),
    Step(
        "gender",
        forms.GenderForm,
        _("Gender"),
        _("Which of these words fits you?"),
        _("Which of these words fits this person?"),
        _("Some places say no to men or boys. We put the ones that say yes first."),
        sensitive=True,
    ),
    Step(
        "identity",
        forms.IdentityForm,
        _("Gay, bisexual, or not sure"),
        _("Are you gay, bisexual, or not sure yet?"),
        _("Is this person gay, bisexual, or not sure yet?"),
        _("Only to find places that say this is welcome."),
        sensitive=True,
    ),
    Step(
        "circumstances",
        forms.CircumstancesForm,
        _("What they may ask about"),
        _("Is any of this true for you?"),
        _("Is any of this true for this person?"),
        _("Places often ask about these things at the door. We look for those that say it is all right."),
        sensitive=True,
    ),
    Step(
        "languages",
        forms.LanguagesForm,
        _("Languages"),
        _("Which languages do you speak?"),
        _("Which languages does this person speak?"),
    ),
    Step(
        "cost",
        forms.CostForm,
        _("Cost"),
        _("How can you pay?"),
        _("How can this person pay?"),
    ),
    Step(
        "how",
        forms.HowForm,
        _("In person or not"),
        _("In person, or by phone or video?"),
        _("In person, or by phone or video?"),
    ),
    Step(
        "when",
        forms.WhenForm,
        _("Open now"),
        _("Does it have to be open right now?"),
        _("Does it have to be open right now?"),
    ),
)
BY_ID = {step.id: step for step in STEPS}


def number_of(step: Step) -> int:
    """Return which question this is, counted from 1."""
    return STEPS.index(step) + 1


def after(step: Step) -> Step | None:
    """Return the next question, or None after the last."""
    return STEPS[number_of(step)] if number_of(step) < len(STEPS) else None


def before(step: Step) -> Step | None:
    return STEPS[number_of(step) - 2] if number_of(step) > 1 else None
