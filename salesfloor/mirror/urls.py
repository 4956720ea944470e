from django.urls import path

from salesfloor.mirror import views

app_name = "mirror"
urlpatterns = [
    path("", views.connection, name="connection"),
    path("again/", views.again, name="again"),
    path("stock/<int:pk>/", views.refresh_stock, name="refresh_stock"),
]
