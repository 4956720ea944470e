from django.urls import path

from salesfloor.catalog import favourite_views, sheet_views, synonyms, views

app_name = "catalog"
urlpatterns = [
    path("items/", views.item_search, name="item_search"),
    path("manage/synonyms/", synonyms.synonyms, name="synonyms"),
    path("items/filters/", views.item_filters, name="item_filters"),
    path("items/<int:pk>/", sheet_views.item_sheet, name="item_sheet"),
    path("items/<int:pk>/stock/", sheet_views.item_stock, name="item_stock"),
    path("items/<int:pk>/shops/", sheet_views.product_stock, name="product_stock"),
    path("items/favourites/", favourite_views.favourites_page, name="favourites"),
    path("items/favourites/<int:pk>/", favourite_views.move_favourite, name="move_favourite"),
    path("items/<int:pk>/favourite/", favourite_views.favourite, name="favourite"),
    path("items/<int:pk>/image/", views.item_image, name="item_image"),
    path("items/<int:pk>/image/<str:size>/", views.item_image, name="item_image"),
]
