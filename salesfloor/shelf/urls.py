from django.urls import path

from salesfloor.shelf import views

app_name = "shelf"
urlpatterns = [
    path("", views.questions, name="questions"),
    path("seen/", views.see_answers, name="see_answers"),
    path("items/<int:pk>/", views.of_item, name="of_item"),
    path("items/<int:item_pk>/ask/<int:shop_pk>/", views.ask, name="ask"),
    path("<int:pk>/answer/", views.answer, name="answer"),
    path("<int:pk>/end/", views.end, name="end"),
]
