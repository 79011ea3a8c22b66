"""The small bilingual vocabulary of needs, populations and languages. Pure data and functions."""
