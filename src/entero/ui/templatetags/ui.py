"""The components, as template tags. Every template has them without loading."""

from django import template

register = template.Library()
