from typing import Any

from django.contrib.admin import AdminSite
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, URLResolver


class ReadOnlyAdminSite(AdminSite):
    """Django's admin for looking up a row; what changes anything has a form of its own."""

    site_title = site_header = "The rows behind the pages"
    index_title = "To look at, not to change"
    site_url = "/"
    enable_nav_sidebar = False

    def login(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Our own sign-in; who has signed in and may not look is told so, not asked again."""
        if request.user.is_authenticated and not self.has_permission(request):
            raise PermissionDenied
        return redirect_to_login(request.GET.get("next", ""))

    def get_urls(self) -> list[URLPattern | URLResolver]:
        """Without the pages that change a password."""
        return [url for url in super().get_urls() if not _changes_password(url)]


def _changes_password(url: URLPattern | URLResolver) -> bool:
    return isinstance(url, URLPattern) and (url.name or "").startswith("password_change")
