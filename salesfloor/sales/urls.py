from django.urls import path

from salesfloor.sales import customer_views, views

app_name = "sales"
urlpatterns = [
    path("sell/", views.sell, name="sell"),
    path("sale/lines/", views.add_line, name="add_line"),
    path("sale/scan/", views.scan, name="scan"),
    path("sale/lines/<int:pk>/", views.change_line, name="change_line"),
    path("sale/lines/<int:pk>/remove/", views.remove_line, name="remove_line"),
    path("sale/lines/<int:pk>/restore/", views.restore_line, name="restore_line"),
    path("sale/empty/", views.empty_cart, name="empty_cart"),
    path("sale/<int:pk>/restore/", views.restore_cart, name="restore_cart"),
    path("sale/cart/", views.cart, name="cart"),
    path("sale/customer/", customer_views.customer, name="customer"),
    path("sale/customer/find/", customer_views.find_customer, name="find_customer"),
    path("sale/customer/choose/", customer_views.choose_customer, name="choose_customer"),
    path("sale/customer/remove/", customer_views.remove_customer, name="remove_customer"),
    path("sale/price/", views.ask_ahead, name="ask_ahead"),
    path("sale/cash/", views.pay_cash, name="pay_cash"),
    path("sale/card/", views.start_card, name="start_card"),
    path("sale/payments/", views.start_payment, name="start_payment"),
    path("sale/back/", views.pay_back, name="pay_back"),
    path("sale/complete/", views.complete_even, name="complete_even"),
    path("sale/payments/<int:pk>/", views.answer_card, name="answer_card"),
    path("sale/payments/<int:pk>/cancel/", views.cancel_payment, name="cancel_payment"),
    path("sale/payments/<int:pk>/give-back/", views.give_back, name="give_back"),
    path("sale/loads/<int:pk>/remove/", views.remove_load, name="remove_load"),
    path("sales/", views.recent, name="recent"),
    path("sales/status/", views.status, name="status"),
    path("sales/<int:pk>/done/", views.done, name="done"),
]
