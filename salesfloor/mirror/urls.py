from django.urls import path

from salesfloor.mirror import views

app_name = "mirror"
urlpatterns = [
    path("", views.connection, name="connection"),
    path("again/", views.again, name="again"),
]
