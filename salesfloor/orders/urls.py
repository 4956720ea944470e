from django.urls import path

from salesfloor.orders import views

app_name = "orders"
urlpatterns = [
    path("", views.kept_here, name="kept_here"),
    path("find/", views.find, name="find"),
    path("customers/", views.find_customer, name="find_customer"),
    path("keep/<str:kind>/", views.offer, name="offer"),
    path("keep/", views.keep, name="keep"),
    path("<int:pk>/", views.slip, name="slip"),
    path("<int:pk>/barcode.svg", views.barcode, name="barcode"),
    path("customers/<int:pk>/", views.of_customer, name="of_customer"),
    path("customers/<int:pk>/pick-up/", views.pick_up, name="pick_up"),
    path("customers/<int:pk>/cancel/", views.cancel, name="cancel"),
]
