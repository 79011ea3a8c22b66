from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "entero.kernel.accounts"
    label = "accounts"
