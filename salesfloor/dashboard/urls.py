from datetime import date

from django.urls import path, register_converter

from salesfloor.dashboard import barcode_views, day_views, leave_views, views


class DateConverter:
    regex = r"20\d{2}-\d{2}-\d{2}"

    def to_python(self, value: str) -> date:
        return date.fromisoformat(value)

    def to_url(self, value: date) -> str:
        return value.isoformat()


register_converter(DateConverter, "date")

app_name = "dashboard"
urlpatterns = [
    path("board/", views.board, name="board"),
    path("board/count/", views.count, name="count"),
    path("board/compare/", views.compare, name="compare"),
    path("board/payments/<int:pk>/", views.answer_card, name="answer_card"),
    path("board/findings/<int:pk>/", views.settle_finding, name="settle_finding"),
    path("without-lightspeed/", leave_views.leave, name="leave"),
    path("without-lightspeed/give/", leave_views.give_leave, name="give_leave"),
    path("without-lightspeed/end/", leave_views.end_leave, name="end_leave"),
    path("barcodes/", barcode_views.barcodes, name="barcodes"),
    path("board/orders/<int:pk>/again/", views.write_order_again, name="write_order_again"),
    path("board/orders/<int:pk>/give-up/", views.give_up_order, name="give_up_order"),
    path("day/", day_views.today, name="today"),
    path("day/<date:on>/", day_views.day, name="day"),
    path("board/<int:pk>/settle/", views.settle, name="settle"),
    path("board/<int:pk>/look-again/", views.look_again, name="look_again"),
]
