"""What a sign-in through Lightspeed leaves here: the account, the rep and the grant."""

from typing import Any

from allauth.account.auth_backends import AuthenticationBackend
from allauth.account.signals import user_logged_in
from allauth.socialaccount.models import SocialLogin, SocialToken
from django.db import transaction
from django.dispatch import receiver
from django.http import HttpRequest

from salesfloor.staff import clock
from salesfloor.staff.connection import changing_tokens_of
from salesfloor.staff.models import Account, Rep, User
from salesfloor.staff.signals import account_connected


class SignInBackend(AuthenticationBackend):
    """Reads the user together with all that every page needs to know of the rep: one query."""

    def get_user(self, user_id: int) -> User | None:
        return (
            User.objects.filter(pk=user_id, is_active=True)
            .select_related("rep__account", "rep__employee", "rep__register__shop__tax_category")
            .first()
        )


@receiver(user_logged_in)
def record_sign_in(
    request: HttpRequest, user: User, sociallogin: SocialLogin, **kwargs: Any
) -> None:
    rep = enrol(user, sociallogin.account.extra_data, sociallogin.token)
    if rep.is_manager and rep.account.connect(clock.now()):
        account_connected.send(sender=Account, account=rep.account)


def enrol(user: User, session: dict[str, Any], token: SocialToken) -> Rep:
    """The rep behind this user, with the rights and the tokens that Lightspeed just gave.

    `session` is what `lightspeed_login` read from Lightspeed's Session.
    """
    with transaction.atomic():
        account, _ = Account.objects.get_or_create(lightspeed_id=session["account_id"])
        employee, _ = account.employees.update_or_create(
            lightspeed_id=session["employee_id"],
            defaults={
                "first_name": session["first_name"],
                "last_name": session["last_name"],
                # Lightspeed has just let them in.
                "locked_out": False,
                "archived": False,
            },
        )
        rep, _ = account.reps.update_or_create(
            employee=employee, defaults={"user": user, "rights": session["rights"]}
        )
    # A renewal under way would otherwise write its tokens over these.
    with changing_tokens_of(rep.pk):
        account.grants.update_or_create(
            rep=rep,
            defaults={
                "access_token": token.token,
                "refresh_token": token.token_secret,
                "expires_at": token.expires_at,
                "lost_at": None,
            },
        )
    return rep
