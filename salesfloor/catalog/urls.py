from django.urls import path

from salesfloor.catalog import views

app_name = "catalog"
urlpatterns = [
    path("items/", views.item_search, name="item_search"),
    path("items/<int:pk>/image/", views.item_image, name="item_image"),
    path("items/<int:pk>/image/<str:size>/", views.item_image, name="item_image"),
]
