"""From one page to the next: what was posted, and what it leads to."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from entero.directory.find_help.answers import Answers, as_state, from_state
from entero.directory.find_help.steps import BY_ID, STEPS, Step, after, before, number_of
from entero.directory.forms import StepForm
from entero.kernel.safety.state import StateExpired, seal, unseal

STATE_FIELD = "state"


@dataclass(frozen=True)
class Page:
    """What is shown next: a question with its form, or the results when there is no ``step``.

    ``from_results`` says that the question was opened to change an answer and leads back there.
    """

    answers: Answers
    step: Step | None = None
    form: StepForm | None = None
    from_results: bool = False
    expired: bool = False
    at_start: bool = False

    @property
    def state(self) -> str:
        return sealed(self.answers)


def sealed(answers: Answers) -> str:
    """Return the answers as a page carries them."""
    return seal(as_state(answers))


def opened(posted: Mapping[str, Any]) -> tuple[Answers, bool]:
    """Return what was told so far, and whether that had to be dropped because it lay open too long."""
    field = posted.get(STATE_FIELD, "")
    if not field:
        return Answers(), False
    try:
        return from_state(unseal(field)), False
    except StateExpired:
        return Answers(), True


def next_page(posted: Mapping[str, Any]) -> Page:
    """Return the page that a posted question leads to. Never raises, whatever was posted."""
    answers, expired = opened(posted)
    if posted.get("change") in BY_ID:
        return ask(BY_ID[posted["change"]], answers, from_results=True, expired=expired)
    step = BY_ID.get(posted.get("step", ""))
    if step is None:
        return ask(STEPS[0], answers, expired=expired)
    from_results = posted.get("return") == "results"
    page = _moved(step, posted, answers, from_results=from_results)
    return replace(page, expired=expired)


def ask(step: Step, answers: Answers, *, from_results: bool = False, expired: bool = False) -> Page:
    """Return the page of one question."""
    return Page(answers, step, step.unbound(answers), from_results, expired)


def _moved(step: Step, posted: Mapping[str, Any], answers: Answers, *, from_results: bool) -> Page:
    move = posted.get("go", "next")
    if move == "stay":
        return ask(step, answers, from_results=from_results)
    if move == "skip":
        return _onward(step, without(answers, step), from_results=from_results)
    form = step.bound(posted, answers)
    if form.is_valid():
        answers = with_answer(answers, step, form)
    elif move not in {"back", "anyway"}:
        return Page(answers, step, form, from_results)
    if move == "back":
        return _backward(step, answers, from_results=from_results)
    if move in {"results", "anyway"}:
        return Page(answers)
    return _onward(step, answers, from_results=from_results)


def _onward(step: Step, answers: Answers, *, from_results: bool) -> Page:
    following = None if from_results else after(step)
    return ask(following, answers) if following else Page(answers)


def _backward(step: Step, answers: Answers, *, from_results: bool) -> Page:
    if from_results:
        return Page(answers)
    previous = before(step)
    return ask(previous, answers) if previous else Page(answers, at_start=True)


def with_answer(answers: Answers, step: Step, form: StepForm) -> Answers:
    """Put a valid answer in; an empty one counts as skipped, so that it is not asked for again."""
    changes = form.changes()
    told = any(value not in (None, "", ()) for value in changes.values())
    changed = replace(answers, **{name: _empty(name) if v is None else v for name, v in changes.items()})
    return _unskipped(changed, step) if told else _skipped(changed, step)


def without(answers: Answers, step: Step) -> Answers:
    """Take the answer of a question out and remember that it was left open on purpose."""
    return _skipped(replace(answers, **{name: _empty(name) for name in step.names}), step)


def _empty(name: str) -> Any:
    return getattr(Answers(), name)


def _skipped(answers: Answers, step: Step) -> Answers:
    return replace(answers, skipped=(*_others(answers, step), step.id))


def _unskipped(answers: Answers, step: Step) -> Answers:
    return replace(answers, skipped=_others(answers, step))


def _others(answers: Answers, step: Step) -> tuple[str, ...]:
    return tuple(name for name in answers.skipped if name != step.id)


def question_context(page: Page) -> dict[str, Any]:
    """Return what the page of one question shows."""
    step = page.step
    assert step is not None  # noqa: S101 - the caller has looked
    return {
        "page": page,
        "step": step,
        "form": page.form,
        "state": page.state,
        "number": number_of(step),
        "total": len(STEPS),
        "is_last": after(step) is None,
    }
