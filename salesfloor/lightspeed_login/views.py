"""The OAuth steps of Lightspeed, where they differ from the usual ones.

https://developers.lightspeedhq.com/retail/authentication/authentication-overview/
"""

from typing import Any

from allauth.socialaccount.models import SocialLogin, SocialToken
from allauth.socialaccount.providers.base import ProviderException
from allauth.socialaccount.providers.oauth2.client import OAuth2Client
from allauth.socialaccount.providers.oauth2.views import (
    OAuth2Adapter,
    OAuth2CallbackView,
    OAuth2LoginView,
)
from django.conf import settings
from django.http import HttpRequest
from django.utils.http import urlencode

from salesfloor.lightspeed import errors
from salesfloor.lightspeed.client import Client
from salesfloor.lightspeed.oauth import AUTHORIZE_PATH, TOKEN_PATH


class NewToken:
    """A token that was just given, to be used before it is kept."""

    def __init__(self, token: SocialToken) -> None:
        self.token = token

    def access_token(self) -> str:
        return str(self.token.token)

    def replace(self, rejected: str) -> str:
        raise errors.SignInLost("Lightspeed does not take the token it has just given.")


class LightspeedOAuth2Client(OAuth2Client):
    """Sends no `redirect_uri`: Lightspeed always uses the registered one and may refuse another."""

    def get_redirect_url(
        self, authorization_url: str, scope: list[str], extra_params: dict[str, str]
    ) -> str:
        parameters = {
            "response_type": "code",
            "client_id": self.consumer_key,
            "scope": self.scope_delimiter.join(scope),
            "state": self.state,
            **extra_params,
        }
        return f"{authorization_url}?{urlencode(parameters)}"


class LightspeedOAuth2Adapter(OAuth2Adapter):
    provider_id = "lightspeed"
    client_class = LightspeedOAuth2Client

    @property
    def authorize_url(self) -> str:
        return settings.LIGHTSPEED_LOGIN_URL + AUTHORIZE_PATH

    @property
    def access_token_url(self) -> str:
        return settings.LIGHTSPEED_LOGIN_URL + TOKEN_PATH

    def get_callback_url(self, request: HttpRequest, app: Any) -> str:
        return ""  # left out of the token request, as allauth drops empty values

    def complete_login(
        self, request: HttpRequest, app: Any, token: SocialToken, **kwargs: Any
    ) -> SocialLogin:
        """Ask Lightspeed who this token acts as. Its rights come with the answer."""
        client = Client(
            None,
            NewToken(token),
            base_url=settings.LIGHTSPEED_API_URL,
            connect_seconds=settings.LIGHTSPEED_CONNECT_SECONDS,
            call_seconds=settings.LIGHTSPEED_CALL_SECONDS,
        )
        try:
            session = client.session()
        except errors.LightspeedError as error:
            raise ProviderException(str(error)) from error
        return self.get_provider().sociallogin_from_response(
            request,
            {
                "account_id": session.account_id,
                "employee_id": session.employee_id,
                "first_name": session.first_name,
                "last_name": session.last_name,
                "name": f"{session.first_name} {session.last_name}".strip(),
                "rights": sorted(session.rights),
            },
        )


oauth2_login = OAuth2LoginView.adapter_view(LightspeedOAuth2Adapter)
oauth2_callback = OAuth2CallbackView.adapter_view(LightspeedOAuth2Adapter)
