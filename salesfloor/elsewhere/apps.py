from django.apps import AppConfig


class ElsewhereConfig(AppConfig):
    name = "salesfloor.elsewhere"
