from django.urls import path

from salesfloor.catalog import sheet_views, views

app_name = "catalog"
urlpatterns = [
    path("items/", views.item_search, name="item_search"),
    path("items/<int:pk>/", sheet_views.item_sheet, name="item_sheet"),
    path("items/<int:pk>/stock/", sheet_views.item_stock, name="item_stock"),
    path("items/<int:pk>/image/", views.item_image, name="item_image"),
    path("items/<int:pk>/image/<str:size>/", views.item_image, name="item_image"),
]
