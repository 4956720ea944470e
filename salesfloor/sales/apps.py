from django.apps import AppConfig


class SalesConfig(AppConfig):
    name = "salesfloor.sales"

    def ready(self) -> None:
        from salesfloor.catalog.claims import tell
        from salesfloor.sales import on_reader  # noqa: F401 (connects its receiver)
        from salesfloor.sales.claims import claims

        tell(claims)
