"""What an import has to say to people, in their language."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext_lazy

from entero.directory.importing.reading.problems import Problem, Refusal, Repair, Why

REASONS = {
    Why.MISSING: gettext_lazy("There is no such file."),
    Why.EMPTY: gettext_lazy("The file is empty."),
    Why.TOO_BIG: gettext_lazy("The file is too big."),
    Why.UNKNOWN_KIND: gettext_lazy(
        "This is not a file that can be imported. Use a SAMHSA directory (xlsx or CSV), HSDS JSON, or an HSDS"
        " data package."
    ),
    Why.OTHER_FORMAT: gettext_lazy("The content of the file is of another format than you asked for."),
    Why.BROKEN: gettext_lazy("The file is damaged and cannot be read."),
    Why.BREAKS_OFF: gettext_lazy("The file breaks off before its end. Get it again, whole."),
    Why.UNPACKS_TOO_FAR: gettext_lazy("The file unpacks to far more than a directory can be."),
    Why.UNSAFE_ARCHIVE: gettext_lazy("The archive holds something unsafe."),
    Why.ENTITIES: gettext_lazy("The workbook defines entities of its own, which no real directory does."),
    Why.UTF_16: gettext_lazy("The file is saved as UTF-16. Save it as UTF-8."),
    Why.ENCODING: gettext_lazy("The file is neither UTF-8 nor Windows text. Save it as UTF-8."),
    Why.NUL: gettext_lazy("The file holds zero bytes: it is not a text file."),
    Why.LONG_FIELD: gettext_lazy("A field or a line is longer than any real one."),
    Why.TOO_MANY_COLUMNS: gettext_lazy("The table has too many columns."),
    Why.MISSING_COLUMNS: gettext_lazy("The table lacks columns."),
    Why.DOUBLE_COLUMN: gettext_lazy("Two columns have the same name."),
    Why.DOUBLE_KEY: gettext_lazy("A record names the same property twice."),
    Why.TOO_DEEP: gettext_lazy("The records are nested too deep."),
    Why.RECORD_TOO_BIG: gettext_lazy("One record is too big."),
    Why.NOTHING_USABLE: gettext_lazy("Nothing in the file could be taken."),
    Why.SOURCE_NAME: gettext_lazy(
        "The name of a source has lower-case letters, digits and dashes, at most 60."
    ),
    Why.MOST_WOULD_GO: gettext_lazy(
        "More than half of what this source held is not in the file, so it looks like a part of one."
        " Import the whole file, or give it another source name."
    ),
    Why.DATABASE: gettext_lazy("The database did not accept the file as a whole."),
    Why.EMPTY_ROW: gettext_lazy("The row is empty."),
    Why.COLUMN_COUNT: gettext_lazy("The row has another number of columns than the header."),
    Why.SHIFTED: gettext_lazy("The row looks shifted: a column holds what belongs into another."),
    Why.NO_NAME: gettext_lazy("There is no name."),
    Why.NAME_TOO_LONG: gettext_lazy("The name is too long."),
    Why.NO_PLACE: gettext_lazy("There is no street or no city."),
    Why.ZIP: gettext_lazy("The ZIP code is not one."),
    Why.STATE: gettext_lazy("The state is not one."),
    Why.NO_CODES: gettext_lazy("There are no service codes."),
    Why.FORMULA: gettext_lazy("A cell holds a formula without a stored value."),
    Why.AGES: gettext_lazy("The lowest age is above the highest."),
    Why.STATUS: gettext_lazy("The status is not one of HSDS."),
    Why.NO_ID: gettext_lazy("There is no id."),
    Why.NO_ORGANIZATION: gettext_lazy("The service belongs to no organization."),
    Why.SAME_ID: gettext_lazy("Another record of the file has the same id."),
    Why.BELONGS_TO_NOTHING: gettext_lazy("The row belongs to nothing in the file."),
    Why.UNKNOWN_RECORD: gettext_lazy("This is not a record of HSDS."),
    Why.VALUE: gettext_lazy("A value makes no sense where it stands."),
}

REPAIRS = {
    Repair.ZIP_ZEROS: ngettext_lazy(
        "%(count)s ZIP code had lost its leading zeros",
        "%(count)s ZIP codes had lost their leading zeros",
        "count",
    ),
    Repair.ENCODING: ngettext_lazy(
        "%(count)s file was Windows text, not UTF-8",
        "%(count)s files were Windows text, not UTF-8",
        "count",
    ),
    Repair.CONTROL_SIGNS: ngettext_lazy(
        "%(count)s text held invisible control signs",
        "%(count)s texts held invisible control signs",
        "count",
    ),
    Repair.MARKUP: ngettext_lazy(
        "%(count)s text held markup, which was taken out",
        "%(count)s texts held markup, which was taken out",
        "count",
    ),
    Repair.SHORTENED: ngettext_lazy(
        "%(count)s text was too long and was shortened",
        "%(count)s texts were too long and were shortened",
        "count",
    ),
    Repair.WEB_ADDRESS: ngettext_lazy(
        "%(count)s web address was mended or left out",
        "%(count)s web addresses were mended or left out",
        "count",
    ),
    Repair.EMAIL: ngettext_lazy(
        "%(count)s e-mail address was not one and was left out",
        "%(count)s e-mail addresses were not any and were left out",
        "count",
    ),
    Repair.COORDINATES: ngettext_lazy(
        "%(count)s place had impossible coordinates",
        "%(count)s places had impossible coordinates",
        "count",
    ),
    Repair.DATE: ngettext_lazy(
        "%(count)s date or time was not one and was left out",
        "%(count)s dates or times were not any and were left out",
        "count",
    ),
    Repair.NUMBER: ngettext_lazy(
        "%(count)s number was not one and was left out",
        "%(count)s numbers were not any and were left out",
        "count",
    ),
    Repair.FORMULA: ngettext_lazy(
        "%(count)s row held a formula, whose stored value was taken",
        "%(count)s rows held a formula, whose stored value was taken",
        "count",
    ),
    Repair.LOOSE_LINK: ngettext_lazy(
        "%(count)s link led to nothing in the file and was left out",
        "%(count)s links led to nothing in the file and were left out",
        "count",
    ),
    Repair.ID: ngettext_lazy(
        "%(count)s id was not a UUID and was given a lasting one",
        "%(count)s ids were not UUIDs and were given lasting ones",
        "count",
    ),
}


def problem(found: Problem) -> str:
    """Return why a whole file was refused."""
    text = str(REASONS[found.why])
    if found.detail:
        text = f"{text} ({found.detail})"
    return _("Line %(line)s: %(reason)s") % {"line": found.line, "reason": text} if found.line else text


def refusal(found: Refusal) -> list[int | str]:
    """Return line and reason of a row that was refused."""
    reason = str(REASONS[found.why])
    return [found.line, f"{reason} ({found.detail})" if found.detail else reason]


def repairs(repaired: dict[str, int]) -> list[str]:
    """Return what was mended, a sentence each."""
    known = {repair.value: words for repair, words in REPAIRS.items()}
    return [known[name] % {"count": count} for name, count in sorted(repaired.items()) if name in known]
