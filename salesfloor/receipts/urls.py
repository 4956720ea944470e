from django.urls import path

from salesfloor.receipts import views

app_name = "receipts"
urlpatterns = [
    path("sales/<int:pk>/receipt/", views.receipt, name="receipt"),
    path("sales/<int:pk>/receipt/barcode.svg", views.barcode, name="barcode"),
]
