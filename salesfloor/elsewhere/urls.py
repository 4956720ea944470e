from django.urls import path

from salesfloor.elsewhere import views

app_name = "elsewhere"
urlpatterns = [
    path("sale/till/", views.hand_over, name="hand_over"),
    path("sale/quote/", views.make_quote, name="make_quote"),
    path("till/", views.tills, name="tills"),
    path("quotes/", views.quotes, name="quotes"),
    path("kept/", views.scanned, name="scanned"),
    path("kept/<int:pk>/", views.kept_cart, name="kept_cart"),
    path("kept/<int:pk>/strip/", views.strip, name="strip"),
    path("kept/<int:pk>/barcode.svg", views.barcode, name="barcode"),
    path("kept/<int:pk>/back/", views.take_back, name="take_back"),
    path("kept/<int:pk>/give-up/", views.give_up, name="give_up"),
    path("kept/<int:pk>/reopen/", views.reopen, name="reopen"),
]
