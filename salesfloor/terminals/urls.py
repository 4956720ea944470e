from django.urls import path

from salesfloor.terminals import views

app_name = "terminals"
urlpatterns = [
    path("", views.readers, name="readers"),
    path("readers/", views.add_reader, name="add_reader"),
    path("readers/<int:pk>/remove/", views.remove_reader, name="remove_reader"),
    path("charges/<int:pk>/look-again/", views.look_again, name="look_again"),
    path("charges/<int:pk>/give-back/", views.give_back, name="give_back"),
    path("stripe/", views.webhook, name="webhook"),
]
