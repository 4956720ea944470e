from allauth.socialaccount.views import login_cancelled, login_error
from django.urls import include, path

from salesfloor.staff.views import sign_in, sign_out

urlpatterns = [
    path("", include("salesfloor.staff.urls")),
    path("", include("salesfloor.catalog.urls")),
    path("", include("salesfloor.sales.urls")),
    path("", include("salesfloor.receipts.urls")),
    path("", include("salesfloor.elsewhere.urls")),
    path("shelf/", include("salesfloor.shelf.urls")),
    path("returns/", include("salesfloor.returns.urls")),
    path("orders/", include("salesfloor.orders.urls")),
    path("connection/", include("salesfloor.mirror.urls")),
    path("terminals/", include("salesfloor.terminals.urls")),
    path("manage/", include("salesfloor.dashboard.urls")),
    # Of allauth's pages only those of a sign-in through Lightspeed: there are no passwords here.
    path("accounts/", include("salesfloor.lightspeed_login.urls")),
    path("accounts/cancelled/", login_cancelled, name="socialaccount_login_cancelled"),
    path("accounts/error/", login_error, name="socialaccount_login_error"),
    path("accounts/login/", sign_in, name="account_login"),
    path("accounts/logout/", sign_out, name="account_logout"),
]
