from django.contrib.auth.views import LoginView


class SignInView(LoginView):
    """Django's own, but a `next` that leads back to this page is as good as none."""

    def get_success_url(self) -> str:
        address = super().get_success_url()
        is_this = address.partition("?")[0] == self.request.path
        return self.get_default_redirect_url() if is_this else address
