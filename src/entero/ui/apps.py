from django.apps import AppConfig


class UiConfig(AppConfig):
    name = "entero.ui"
    label = "ui"
