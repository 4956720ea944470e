from django.apps import AppConfig


class StaffConfig(AppConfig):
    name = "salesfloor.staff"

    def ready(self) -> None:
        from salesfloor.staff import lookups, sign_in  # noqa: F401 (each registers itself)
