"""Whom a service takes, when its sources do not agree."""
