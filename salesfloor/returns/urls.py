from django.urls import path

from salesfloor.returns import views

app_name = "returns"
urlpatterns = [
    path("", views.find, name="find"),
    path("<int:sale_id>/", views.original, name="original"),
    path("<int:sale_id>/lines/", views.take_back, name="take_back"),
    path("without-receipt/<int:pk>/", views.without_receipt, name="without_receipt"),
    path("set-aside/", views.set_aside, name="set_aside"),
]
