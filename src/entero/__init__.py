"""Entero: an organization's whole response to human trafficking, with men and boys in it."""

__version__ = "0.1.0"
