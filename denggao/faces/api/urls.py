from __future__ import annotations

from django.urls import URLPattern, URLResolver, path, re_path

from denggao.faces.api.rest import api, not_there

urlpatterns: list[URLPattern | URLResolver] = [
    path("api/v1/", api.urls),
    re_path(r"^api/(?P<path>.*)$", not_there, name="api_not_there"),
]
