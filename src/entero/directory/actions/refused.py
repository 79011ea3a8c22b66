"""Why a verb was refused. Nothing has changed when one of these is raised."""


class Refused(Exception):
    """Something cannot be done; each kind says what."""


class AlreadyReviewed(Refused):
    """Somebody else reviewed this report before."""


class ChangedMeanwhile(Refused):
    """Somebody else changed the service since it was read."""


class DateAhead(Refused):
    """A fact cannot have been observed in the future."""


class FileGone(Refused):
    """The file of this dry run was imported already, or was kept too long."""


class NotOpen(Refused):
    """The service is closed already, or is not closed and cannot be reopened."""


class PopulationNeeded(Refused):
    """The reason speaks of a population, and nobody said which."""


class TooMuchRoom(Refused):
    """More room is free than there is at all."""


class UnknownCode(Refused):
    """No population, answer or reason of this name."""


class UnknownField(Refused):
    """This field or row cannot be changed here, or not by this person."""


class UnknownService(Refused):
    """There is no such public service."""
