from django.apps import AppConfig


class ShelfConfig(AppConfig):
    name = "salesfloor.shelf"
