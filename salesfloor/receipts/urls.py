from django.urls import path

from salesfloor.receipts import views

app_name = "receipts"
urlpatterns = [
    path("sales/<int:pk>/receipt/", views.receipt, name="receipt"),
    path("sales/<int:pk>/receipt/gift/", views.gift, name="gift"),
    path("sales/<int:pk>/receipt/barcode.svg", views.barcode, name="barcode"),
    path("sales/<int:pk>/receipt/qr.svg", views.qr, name="qr"),
    path("sales/<int:pk>/receipt/email/", views.email, name="email"),
    path("sales/<int:pk>/receipt/email/state/", views.email_state, name="email_state"),
    # For customers, who do not sign in.
    path("r/<str:token>/", views.taken_away, name="taken_away"),
    path("r/<str:token>/barcode.svg", views.taken_away_barcode, name="taken_away_barcode"),
]
