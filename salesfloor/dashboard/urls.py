from django.urls import path

from salesfloor.dashboard import views

app_name = "dashboard"
urlpatterns = [
    path("board/", views.board, name="board"),
    path("board/count/", views.count, name="count"),
    path("board/compare/", views.compare, name="compare"),
    path("board/payments/<int:pk>/", views.answer_card, name="answer_card"),
    path("board/findings/<int:pk>/", views.settle_finding, name="settle_finding"),
    path("board/<int:pk>/look-again/", views.look_again, name="look_again"),
]
