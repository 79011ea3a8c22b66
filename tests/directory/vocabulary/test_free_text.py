"""What people type leads to what they need, in both languages, slips forgiven."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from entero.directory.vocabulary.free_text import Understood, distance, understand

PHRASES = [
    ("rehab", "substance_use"), ("detox", "detox"), ("I need to get off drugs", "substance_use"),
    ("drug treatment", "substance_use"), ("drinking too much", "substance_use"), ("fentanyl", "substance_use"),
    ("suboxone near me", "medication_for_opioids"), ("methadone", "medication_for_opioids"),
    ("dual diagnosis", "co_occurring"), ("sober living", "recovery_support"), ("narcan", "overdose_prevention"),
    ("someone to talk to about what happened", "sexual_abuse"), ("I was raped", "sexual_abuse"),
    ("he touched me", "sexual_abuse"), ("molested as a kid", "sexual_abuse"), ("sexual assault", "sexual_abuse"),
    ("I was trafficked", "trafficking_support"), ("they made me have sex for money", "trafficking_support"),
    ("forced to work", "trafficking_support"), ("survival sex", "trafficking_support"),
    ("nightmares", "trauma"), ("flashbacks and panic attacks", "trauma"), ("PTSD", "trauma"), ("traumma", "trauma"),
    ("therapist", "mental_health"), ("depressed", "mental_health"), ("anxiety", "mental_health"),
    ("counselling", "mental_health"), ("someone to talk to", "mental_health"), ("psycologist", "mental_health"),
    ("I want to kill myself", "suicide_crisis"), ("suicidal", "suicide_crisis"), ("self harm", "suicide_crisis"),
    ("nowhere to sleep", "shelter"), ("kicked out", "shelter"), ("homeless shelter", "shelter"), ("sheltr", "shelter"),
    ("safe house", "shelter"), ("help with rent", "housing"), ("support group for men", "peer_group"),
    ("other survivors", "peer_group"), ("group therapy", "group_counseling"), ("couples therapy", "family_counseling"),
    ("my boyfriend hits me", "partner_violence"), ("domestic violence", "partner_violence"), ("doctor", "health_care"),
    ("hiv test", "sexual_health"), ("get tested", "sexual_health"), ("lawyer", "legal"), ("criminal record", "legal"),
    ("T visa", "immigration"), ("undocumented", "immigration"), ("they took my id", "id_documents"),
    ("hungry", "food"), ("food stamps", "food"), ("I need a job", "work"), ("GED", "school"), ("bus pass", "transport"),
    ("case manager", "case_management"), ("gay", "gender_affirming"), ("trans", "gender_affirming"),
    ("they have my photos", "online_exploitation"), ("sextortion", "online_exploitation"), ("gambling", "gambling"),
    ("desintoxicación", "detox"), ("desintoxicacion", "detox"), ("rehabilitación", "substance_use"),
    ("quiero dejar las drogas", "substance_use"), ("dejar de tomar", "substance_use"), ("cristal", "substance_use"),
    ("fentanilo", "substance_use"), ("un anexo", "substance_use"), ("metadona", "medication_for_opioids"),
    ("diagnóstico dual", "co_occurring"), ("sobredosis", "overdose_prevention"), ("malilla", "detox"),
    ("abusaron de mí", "sexual_abuse"), ("me violaron", "sexual_abuse"), ("abuso sexual", "sexual_abuse"),
    ("lo que me hicieron", "sexual_abuse"), ("me tocaron", "sexual_abuse"), ("hablar de lo que me pasó", "sexual_abuse"),
    ("me obligaron", "trafficking_support"), ("sexo por dinero", "trafficking_support"), ("trata", "trafficking_support"),
    ("me vendieron", "trafficking_support"), ("padrote", "trafficking_support"), ("trabajo forzado", "trafficking_support"),
    ("pesadillas", "trauma"), ("no puedo dormir", "trauma"), ("ataques de panico", "trauma"),
    ("terapia", "mental_health"), ("psicologo", "mental_health"), ("ansiedad", "mental_health"), ("tristeza", "mental_health"),
    ("depresion", "mental_health"), ("alguien con quien hablar", "mental_health"), ("depresón", "mental_health"),
    ("no quiero vivir", "suicide_crisis"), ("quitarme la vida", "suicide_crisis"), ("suicidio", "suicide_crisis"),
    ("no tengo dónde dormir", "shelter"), ("albergue", "shelter"), ("me corrieron de la casa", "shelter"),
    ("en la calle", "shelter"), ("refugio", "shelter"), ("renta", "housing"), ("grupo de apoyo", "peer_group"),
    ("grupo de hombres", "peer_group"), ("terapia grupal", "group_counseling"), ("mi novio me pega", "partner_violence"),
    ("violencia en casa", "partner_violence"), ("clínica", "health_care"), ("prueba de VIH", "sexual_health"),
    ("abogado", "legal"), ("antecedentes", "legal"), ("visa T", "immigration"), ("sin papeles", "immigration"),
    ("acta de nacimiento", "id_documents"), ("comida", "food"), ("despensa", "food"), ("chamba", "work"),
    ("trabajo", "work"), ("escuela", "school"), ("aventón", "transport"), ("trabajadora social", "case_management"),
    ("fotos íntimas", "online_exploitation"), ("chantaje", "online_exploitation"), ("apuestas", "gambling"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "term"), PHRASES)
def test_phrase_leads_to_its_need(text: str, term: str) -> None:
    assert term in understand(text).terms


def test_the_table_has_sixty_phrases_in_each_language() -> None:
    cut = next(index for index, row in enumerate(PHRASES) if row[0] == "desintoxicación")
    assert cut >= 60
    assert len(PHRASES) - cut >= 60


@pytest.mark.parametrize("text", ["no drugs", "sin alcohol", "not gambling"])
def test_plain_negation_is_not_a_wish(text: str) -> None:
    assert understand(text).terms == ()


@pytest.mark.parametrize("text", ["cat", "the", "dogs", "xyzzy", "meta", "jabón"])
def test_other_words_say_nothing(text: str) -> None:
    assert understand(text).terms == ()


def test_short_word_that_begins_otherwise_is_a_name() -> None:
    assert understand("Casa Norte") == Understood((), ("casa", "norte"))
    assert understand("heroni").terms == understand("heroin").terms != ()


def test_words_that_say_nothing_are_kept_for_the_search() -> None:
    assert understand("therapist in Chula Vista").rest == ("chula", "vista")


@given(text=st.text(max_size=300))
def test_any_text_is_read_without_error(text: str) -> None:
    found = understand(text)
    assert found == understand(text)


@given(text=st.sampled_from([text for text, _ in PHRASES]))
def test_case_does_not_matter(text: str) -> None:
    assert understand(text.upper()).terms == understand(text).terms


@given(one=st.text("abcd", max_size=8), other=st.text("abcd", max_size=8))
def test_distance_is_symmetric_and_zero_only_for_equals(one: str, other: str) -> None:
    assert distance(one, other, 8) == distance(other, one, 8)
    assert (distance(one, other, 8) == 0) == (one == other)


def test_distance_counts_a_swap_as_one() -> None:
    assert distance("truama", "trauma", 2) == 1
