"""Lightspeed as the only way in, for django-allauth."""

from typing import Any

from allauth.socialaccount.providers.base import ProviderAccount
from allauth.socialaccount.providers.oauth2.provider import OAuth2Provider

from salesfloor.lightspeed_login.views import LightspeedOAuth2Adapter


class LightspeedAccount(ProviderAccount):
    def to_str(self) -> str:
        return str(self.account.extra_data.get("name", ""))


class LightspeedProvider(OAuth2Provider):
    id = "lightspeed"
    name = "Lightspeed"
    account_class = LightspeedAccount
    oauth2_adapter_class = LightspeedOAuth2Adapter
    pkce_enabled_default = True

    def extract_uid(self, data: dict[str, Any]) -> str:
        """A person is an employee of an account: two accounts number theirs alike."""
        return f"{data['account_id']}-{data['employee_id']}"

    def extract_common_fields(self, data: dict[str, Any]) -> dict[str, Any]:
        return {
            "username": f"lightspeed-{self.extract_uid(data)}",
            "first_name": data["first_name"],
            "last_name": data["last_name"],
        }


provider_classes = [LightspeedProvider]
