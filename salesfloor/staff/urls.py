from django.urls import path

from salesfloor.staff import views

app_name = "staff"
urlpatterns = [
    path("", views.home, name="home"),
    path("sign-in/", views.sign_in, name="sign_in"),
    path("sign-out/", views.sign_out, name="sign_out"),
    path("register/", views.choose_register, name="choose_register"),
]
