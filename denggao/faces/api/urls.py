from __future__ import annotations

from django.urls import URLPattern, URLResolver, include, path, re_path

from denggao.faces.api import views
from denggao.faces.api.rest import api, not_there

token_pages = [
    path("", views.tokens, name="index"),
    path("new/", views.new_token, name="new"),
    path("<uuid:public_id>/revoke/", views.revoke, name="revoke"),
]
urlpatterns: list[URLPattern | URLResolver] = [
    path("account/tokens/", include((token_pages, "tokens"))),
    path("api/v1/docs/", views.reference, name="api_reference"),
    path("api/v1/", api.urls),
    re_path(r"^api/(?P<path>.*)$", not_there, name="api_not_there"),
]
