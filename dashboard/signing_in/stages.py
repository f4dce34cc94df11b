from allauth.account.internal.flows.login import get_authentication_records
from allauth.mfa.stages import AuthenticateStage
from django.http import HttpRequest

from dashboard.signing_in.second_factor import BY_SINGLE_SIGN_ON


class SecondFactorStage(AuthenticateStage):
    """Asks for the code, unless the council's single sign-on says that it asked for one."""

    def _should_handle(self, request: HttpRequest) -> bool:
        records = get_authentication_records(request, self.login.user)
        if any(record.get("type") == BY_SINGLE_SIGN_ON for record in records):
            return False
        wanted: bool = super()._should_handle(request)
        return wanted
