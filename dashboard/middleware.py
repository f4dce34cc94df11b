import re
from collections.abc import Callable
from typing import Any, TypeVar
from urllib.parse import urlencode, urlsplit

from django.conf import settings
from django.contrib.auth.middleware import AuthenticationMiddleware, LoginRequiredMiddleware
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import redirect, render, resolve_url
from django.utils.cache import patch_cache_control
from django.utils.functional import SimpleLazyObject
from django.utils.http import url_has_allowed_host_and_scheme

from dashboard.signing_in.second_factor import next_step
from dashboard.signing_in.sessions import live_user
from performance.plain_text import as_plain

View = TypeVar("View", bound=Callable[..., HttpResponseBase])
# What is not shown again to somebody who sent a form after their session had ended, and not made
# plain: secrets, and what forms carry along that nobody typed.
NOT_WORDS = {
    "csrfmiddlewaretoken", "password", "oldpassword", "password1", "password2", "code", "next",
    "do", "opened_at", "opened_as", "submission", "revision", "typed_by", "shown", "round", "seal",
    "hide", "is_checked", "decision",
}  # fmt: skip
# Before the name of a box, where a page has the boxes of many actions.
PREFIX = re.compile(r"^a\d+-")
DATE = re.compile(r"\d\D\d")


class WhoIsThereMiddleware(AuthenticationMiddleware):
    """As Django's, but a session ends after its idle time. Nobody is looked up before they are
    asked for, so a page that does not ask who its reader is needs no database."""

    def process_request(self, request: HttpRequest) -> None:
        super().process_request(request)
        request.user = SimpleLazyObject(lambda: _cached_user(request))  # type: ignore[assignment]


def _cached_user(request: HttpRequest) -> Any:
    if not hasattr(request, "_live_user"):
        request._live_user = live_user(request)  # type: ignore[attr-defined]
    return request._live_user  # type: ignore[attr-defined]


def before_second_factor(view: View) -> View:
    """Marks a view that opens to whoever has still to set up or to show a second factor."""
    view.before_second_factor = True  # type: ignore[attr-defined]
    return view


class SignInRequiredMiddleware(LoginRequiredMiddleware):
    """As Django's, but a page that is open to all does not ask who its reader is.

    Django's own looks the reader up first, so `/readyz/` would fail with the database away.
    Whoever may load, release, decide a removal or keep the people goes by their second factor
    first.
    """

    def process_view(
        self,
        request: HttpRequest,
        view_func: Callable[..., HttpResponseBase],
        view_args: tuple[Any, ...],
        view_kwargs: dict[str, Any],
    ) -> HttpResponseBase | None:
        if not getattr(view_func, "login_required", True):
            return None
        if not request.user.is_authenticated:
            return self.handle_no_permission(request, view_func)
        if getattr(view_func, "before_second_factor", False):
            return None
        step = next_step(request, request.user)
        if step and is_by_script(request):
            return JsonResponse({"signed_out": True}, status=401)
        return redirect(step) if step else None

    def handle_no_permission(  # type: ignore[override]  # a form and a script are answered too
        self, request: HttpRequest, view_func: Callable[..., HttpResponseBase]
    ) -> HttpResponseBase:
        """To sign in, and back to the page that was asked for. What was typed is not lost: a
        script is told and keeps it, and a form that was sent is answered with its words."""
        if is_by_script(request):
            return JsonResponse({"signed_out": True}, status=401)
        back = request.get_full_path() if request.method in ("GET", "HEAD") else _sent_from(request)
        query = {"next": back}
        if ended := getattr(request, "session_ended", ""):
            query["ended"] = ended
        address = f"{resolve_url(settings.LOGIN_URL)}?{urlencode(query, safe='/')}"
        words = words_sent(request) if request.method == "POST" else []
        if words or (request.method == "POST" and settings.SESSION_COOKIE_NAME in request.COOKIES):
            page = {"address": address, "words": words}
            return render(request, "signed_out.html", page, status=403)
        return redirect(address)


class PlainTextMiddleware:
    """What is typed or pasted reaches every form, and every draft, as text that each page and
    file can hold. Passwords stay as they are."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *_: object) -> None:
        if request.method != "POST":
            return
        plain = request.POST.copy()
        for name, values in request.POST.lists():
            if PREFIX.sub("", name) not in NOT_WORDS:
                plain.setlist(name, [as_plain(value) for value in values])
        plain._mutable = False
        request.POST = plain  # type: ignore[assignment]


def is_by_script(request: HttpRequest) -> bool:
    """Whether one of our scripts asks, and not the person by a link or a button."""
    return request.headers.get("x-requested-with") == "fetch"


def words_sent(request: HttpRequest) -> list[str]:
    """What was typed into the form that was sent, without passwords and codes; nothing where the
    form stood on somebody else's page, whose words are not to be read under our heading."""
    stood_on = request.headers.get("origin") or request.headers.get("referer") or "/"
    hidden = stood_on == "null"  # as browsers write a page that they do not name
    if hidden or not url_has_allowed_host_and_scheme(stood_on, {request.get_host()}):
        return []
    return [
        value
        for name, values in request.POST.lists()
        if PREFIX.sub("", name) not in NOT_WORDS
        for value in values
        if any(character.isalpha() for character in value) or DATE.search(value)
    ]


def _sent_from(request: HttpRequest) -> str:
    """The page of ours that the form stood on; the first page where the browser does not say."""
    said = request.headers.get("referer", "")
    if not url_has_allowed_host_and_scheme(said, {request.get_host()}):
        return "/"
    parts = urlsplit(said)
    return f"{parts.path}?{parts.query}" if parts.query else parts.path or "/"


def keep_out_of_caches(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """After signing out, the Back button of a shared tablet shows nothing."""

    def respond(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        patch_cache_control(response, private=True, no_store=True)
        return response

    return respond
