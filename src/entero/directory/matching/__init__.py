"""The matcher: which services will really take this person, and why.

Pure Python and NumPy. Nothing here imports Django, reads a database or knows a language;
sentences are made of the coded reasons by the module that calls it.
"""
