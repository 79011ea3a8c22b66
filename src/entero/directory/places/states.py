"""The 50 states, the District of Columbia and the territories."""

from dataclasses import dataclass
from functools import cache


@dataclass(frozen=True)
class State:
    """A state or territory. ``number`` is stable and used in indexes (0 to 58)."""

    number: int
    code: str
    fips: str
    en: str
    es: str
    prefixes: tuple[tuple[int, int], ...]
    """First three digits of its ZIP codes, as inclusive ranges."""

    def label(self, language: str) -> str:
        return self.es if language == "es" else self.en


STATES: tuple[State, ...] = (
    State(0, "AL", "01", "Alabama", "Alabama", ((350, 369),)),
    State(1, "AK", "02", "Alaska", "Alaska", ((995, 999),)),
    State(2, "AZ", "04", "Arizona", "Arizona", ((850, 865),)),
    State(3, "AR", "05", "Arkansas", "Arkansas", ((716, 729),)),
    State(4, "CA", "06", "California", "California", ((900, 961),)),
    State(5, "CO", "08", "Colorado", "Colorado", ((800, 816),)),
    State(6, "CT", "09", "Connecticut", "Connecticut", ((60, 69),)),
    State(7, "DE", "10", "Delaware", "Delaware", ((197, 199),)),
    State(
        8,
        "DC",
        "11",
        "District of Columbia",
        "Distrito de Columbia",
        ((200, 200), (202, 205), (569, 569)),
    ),
    State(
        9,
        "FL",
        "12",
        "Florida",
        "Florida",
        ((320, 339), (341, 342), (344, 344), (346, 347), (349, 349)),
    ),
    State(10, "GA", "13", "Georgia", "Georgia", ((300, 319), (398, 399))),
    State(11, "HI", "15", "Hawaii", "Hawái", ((967, 968),)),
    State(12, "ID", "16", "Idaho", "Idaho", ((832, 838),)),
    State(13, "IL", "17", "Illinois", "Illinois", ((600, 629),)),
    State(14, "IN", "18", "Indiana", "Indiana", ((460, 479),)),
    State(15, "IA", "19", "Iowa", "Iowa", ((500, 528),)),
    State(16, "KS", "20", "Kansas", "Kansas", ((660, 679),)),
    State(17, "KY", "21", "Kentucky", "Kentucky", ((400, 427),)),
    State(18, "LA", "22", "Louisiana", "Luisiana", ((700, 714),)),
    State(19, "ME", "23", "Maine", "Maine", ((39, 49),)),
    State(20, "MD", "24", "Maryland", "Maryland", ((206, 219),)),
    State(21, "MA", "25", "Massachusetts", "Massachusetts", ((10, 27), (55, 55))),
    State(22, "MI", "26", "Michigan", "Míchigan", ((480, 499),)),
    State(23, "MN", "27", "Minnesota", "Minnesota", ((550, 567),)),
    State(24, "MS", "28", "Mississippi", "Misisipi", ((386, 397),)),
    State(25, "MO", "29", "Missouri", "Misuri", ((630, 658),)),
    State(26, "MT", "30", "Montana", "Montana", ((590, 599),)),
    State(27, "NE", "31", "Nebraska", "Nebraska", ((680, 693),)),
    State(28, "NV", "32", "Nevada", "Nevada", ((889, 898),)),
    State(29, "NH", "33", "New Hampshire", "Nuevo Hampshire", ((30, 38),)),
    State(30, "NJ", "34", "New Jersey", "Nueva Jersey", ((70, 89),)),
    State(31, "NM", "35", "New Mexico", "Nuevo México", ((870, 884),)),
    State(32, "NY", "36", "New York", "Nueva York", ((5, 5), (100, 149))),
    State(33, "NC", "37", "North Carolina", "Carolina del Norte", ((270, 289),)),
    State(34, "ND", "38", "North Dakota", "Dakota del Norte", ((580, 588),)),
    State(35, "OH", "39", "Ohio", "Ohio", ((430, 459),)),
    State(36, "OK", "40", "Oklahoma", "Oklahoma", ((730, 732), (734, 749))),
    State(37, "OR", "41", "Oregon", "Oregón", ((970, 979),)),
    State(38, "PA", "42", "Pennsylvania", "Pensilvania", ((150, 196),)),
    State(39, "RI", "44", "Rhode Island", "Rhode Island", ((28, 29),)),
    State(40, "SC", "45", "South Carolina", "Carolina del Sur", ((290, 299),)),
    State(41, "SD", "46", "South Dakota", "Dakota del Sur", ((570, 577),)),
    State(42, "TN", "47", "Tennessee", "Tennessee", ((370, 385),)),
    State(43, "TX", "48", "Texas", "Texas", ((733, 733), (750, 799), (885, 885))),
    State(44, "UT", "49", "Utah", "Utah", ((840, 847),)),
    State(45, "VT", "50", "Vermont", "Vermont", ((50, 54), (56, 59))),
    State(46, "VA", "51", "Virginia", "Virginia", ((201, 201), (220, 246))),
    State(47, "WA", "53", "Washington", "Washington", ((980, 994),)),
    State(48, "WV", "54", "West Virginia", "Virginia Occidental", ((247, 268),)),
    State(49, "WI", "55", "Wisconsin", "Wisconsin", ((530, 549),)),
    State(50, "WY", "56", "Wyoming", "Wyoming", ((820, 831),)),
    State(51, "AS", "60", "American Samoa", "Samoa Americana", ()),
    State(52, "GU", "66", "Guam", "Guam", ((969, 969),)),
    State(53, "MP", "69", "Northern Mariana Islands", "Islas Marianas del Norte", ()),
    State(54, "PR", "72", "Puerto Rico", "Puerto Rico", ((6, 7), (9, 9))),
    State(55, "VI", "78", "U.S. Virgin Islands", "Islas Vírgenes de EE. UU.", ((8, 8),)),
    State(56, "FM", "64", "Micronesia", "Micronesia", ()),
    State(57, "MH", "68", "Marshall Islands", "Islas Marshall", ()),
    State(58, "PW", "70", "Palau", "Palaos", ()),
)

# Islands that share their first digits with a neighbor.
WHOLE_ZIPS = {
    "96799": "AS", "96950": "MP", "96951": "MP", "96952": "MP", "96939": "PW", "96940": "PW",
    "96941": "FM", "96942": "FM", "96943": "FM", "96944": "FM", "96960": "MH", "96970": "MH",
    "06390": "NY", "88510": "TX", "73301": "TX",
}  # fmt: skip


@cache
def by_code() -> dict[str, State]:
    return {state.code: state for state in STATES}


@cache
def by_prefix() -> dict[str, str]:
    """Return the state of each three first digits of a ZIP code."""
    return {
        f"{number:03d}": state.code
        for state in STATES
        for first, last in state.prefixes
        for number in range(first, last + 1)
    }


def state_of_zip(zip_code: str) -> str | None:
    """Return the state code of a five-digit ZIP or of its first three digits."""
    return WHOLE_ZIPS.get(zip_code[:5]) or by_prefix().get(zip_code[:3])
