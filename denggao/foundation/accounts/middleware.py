"""Who calls, and who may pass the door: the client's address behind proxies, and sign-in as the rule."""

from __future__ import annotations

import ipaddress
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import resolve_url
from django.utils.http import urlencode
from django.utils.translation import gettext as _


class ClientAddressMiddleware:
    """Puts the client's own address into REMOTE_ADDR when ``DENGGAO_PROXIES`` proxies of ours stand before us.

    Each of them appends the address it was called from, so only the last so many entries can be believed.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        proxies: int = settings.PROXIES
        if proxies:
            chain = [part.strip() for part in request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")]
            if len(chain) >= proxies and _is_address(chain[-proxies]):
                request.META["REMOTE_ADDR"] = chain[-proxies]
        return self.get_response(request)


def _is_address(text: str) -> bool:
    try:
        ipaddress.ip_address(text)
    except ValueError:
        return False
    return True


class SignInRequiredMiddleware(LoginRequiredMiddleware):
    """Every page asks for sign-in unless its view is marked ``login_not_required``. The REST API answers for itself."""

    def process_view(
        self,
        request: HttpRequest,
        view_func: Callable[..., HttpResponseBase],
        view_args: tuple[Any, ...],
        view_kwargs: dict[str, Any],
    ) -> HttpResponseBase | None:
        if request.path.startswith(settings.API_PREFIX):
            return None
        return super().process_view(request, view_func, view_args, view_kwargs)

    def handle_no_permission(  # type: ignore[override]  # narrower than the library says
        self, request: HttpRequest, view_func: Callable[..., Any]
    ) -> HttpResponseBase:
        if getattr(request, "htmx", False):
            response = HttpResponse(status=204)
            response["HX-Redirect"] = f"{resolve_url(settings.LOGIN_URL)}?{urlencode({'next': _page_of(request)})}"
            return response
        if request.headers.get("Accept", "").startswith("application/json"):
            return JsonResponse({"detail": _("Please sign in.")}, status=401)
        if request.method not in {"GET", "HEAD"}:
            # What was posted can't be posted again by a redirect: come back to the page, not to the act.
            response = HttpResponse(status=303)
            response["Location"] = resolve_url(settings.LOGIN_URL)
            return response
        return super().handle_no_permission(request, view_func)


def _page_of(request: HttpRequest) -> str:
    """The path of the page an htmx request was made from; the request's own when it isn't known."""
    htmx = getattr(request, "htmx", None)
    return getattr(htmx, "current_url_abs_path", None) or request.get_full_path()
