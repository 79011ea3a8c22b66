"""Colors keep their contrast in every scheme, and nothing else names a color."""

import re
from pathlib import Path

import pytest

import entero.ui

STYLE = (Path(entero.ui.__file__).parent / "static" / "ui" / "entero.css").read_text(encoding="utf-8")
TOKENS = STYLE.split("@layer tokens {", 1)[1].split("@layer reset {", 1)[0]
COLOR = re.compile(r"--([\w-]+): (#[0-9a-f]{3,6});")
SCHEMES = {
    "light": (),
    "dark": ("(prefers-color-scheme: dark)",),
    "contrast": ("(prefers-contrast: more)",),
    "dark-contrast": (
        "(prefers-color-scheme: dark)",
        "(prefers-contrast: more)",
        "(prefers-contrast: more) and (prefers-color-scheme: dark)",
    ),
}
TEXT = [(text, on) for on in ("paper", "raised", "sand") for text in ("ink", "muted", "accent", "clay")]
TEXT += [
    ("on-accent", "accent"),
    ("on-deep", "deep"),
    ("paper", "clay"),
    ("paper", "ink"),
    ("brand", "paper"),
]
TEXT += [("on-gold", "gold"), ("on-focus", "focus")]


def _colors(scheme: str) -> dict[str, str]:
    blocks = dict(re.findall(r"@media (\([^{]+\)) \{\s*:root \{(.*?)\}", TOKENS, re.DOTALL))
    texts = [TOKENS.split("}", 1)[0], *(blocks[query] for query in SCHEMES[scheme])]
    return {name: value for text in texts for name, value in COLOR.findall(text)}


def _luminance(color: str) -> float:
    digits = color[1:] if len(color) == 7 else "".join(digit * 2 for digit in color[1:])
    parts = [int(digits[at : at + 2], 16) / 255 for at in (0, 2, 4)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    """Return the contrast ratio of WCAG 2."""
    high, low = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def test_contrast_of_black_and_white_is_the_largest() -> None:
    assert contrast("#000", "#ffffff") == pytest.approx(21)


@pytest.mark.parametrize("scheme", SCHEMES)
def test_words_can_be_read_in_every_scheme(scheme: str) -> None:
    colors = _colors(scheme)
    needed = 7 if "contrast" in scheme else 4.5
    weak = {pair: contrast(colors[pair[0]], colors[pair[1]]) for pair in TEXT}
    assert {pair: ratio for pair, ratio in weak.items() if ratio < needed} == {}


@pytest.mark.parametrize("scheme", SCHEMES)
def test_borders_of_inputs_can_be_seen_in_every_scheme(scheme: str) -> None:
    colors = _colors(scheme)
    assert contrast(colors["line"], colors["raised"]) >= 3
    assert contrast(colors["line"], colors["paper"]) >= 3


def test_style_moves_nothing_and_names_no_sides() -> None:
    assert re.findall(r"\b(?:animation|transition)\b", STYLE) == []
    assert (
        re.findall(r"(?:margin|padding|border|inset)-(?:left|right|top|bottom)|[^-](?:left|right):", STYLE)
        == []
    )
