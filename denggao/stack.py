"""Room on Python's own stack, for what runs deep below: a request through twenty middlewares into a template, a job.

Python keeps the frames of a thread in chunks of 16 KB. A loop that happens to run at the edge of one asks the system for another
chunk at every call, and hands it back at every return (python/cpython#142183; cured in late 3.13 and 3.14, not in 3.11 and
3.12). A page of 50 rows took twice as long for it, and a third longer or shorter with every middleware put in. What is called
through a wide frame gets a chunk that holds all that follows."""

from __future__ import annotations

from collections.abc import Callable
from types import FunctionType
from typing import Any, ParamSpec, TypeVar

from django.http import HttpRequest
from django.http.response import HttpResponseBase

Given = ParamSpec("Given")
Result = TypeVar("Result")

# In words of 8 bytes. No chunk of 256 KB holds this and the 1,000 words Python keeps free, so that it takes one of 512 KB, of
# which more than half is left. Pages that nobody writes to are never really there.
_WIDTH = 32_000


def _through(function: Callable[..., Any], given: tuple[Any, ...], named: dict[str, Any]) -> Any:
    return function(*given, **named)


_wide = FunctionType(_through.__code__.replace(co_stacksize=_WIDTH), globals(), "wide")


def with_room(function: Callable[Given, Result]) -> Callable[Given, Result]:
    """The same function, with a chunk of its own for everything below it."""

    def roomy(*given: Given.args, **named: Given.kwargs) -> Result:
        result: Result = _wide(function, given, named)
        return result

    return roomy


class RoomMiddleware:
    """Before all others."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = with_room(get_response)

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)
