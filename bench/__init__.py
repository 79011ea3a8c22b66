"""Measures the matcher beside its peers; nothing here is a test, and no test is timed."""
