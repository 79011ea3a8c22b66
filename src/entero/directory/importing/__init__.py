"""Brings other people's directories in: whole files, once, with a note of all that was mended or refused."""
