from allauth.socialaccount.providers.oauth2.urls import default_urlpatterns

from salesfloor.lightspeed_login.provider import LightspeedProvider

urlpatterns = default_urlpatterns(LightspeedProvider)
