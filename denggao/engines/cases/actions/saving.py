"""An account's own views of the worklist: a name for a set of filters."""

from __future__ import annotations

import datetime as dt

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from denggao.engines.cases import policies
from denggao.engines.cases.filters import kept_query
from denggao.engines.cases.models import SavedView
from denggao.engines.cases.refusals import CaseRefused
from denggao.foundation.accounts.models import User
from denggao.foundation.audit.actions import action
from denggao.foundation.audit.actors import Actor

MOST_VIEWS = 20


@action("cases.view.keep", requires=policies.can_keep_views)
def keep_view(*, name: str, query: str, actor: Actor, now: dt.datetime) -> SavedView:
    """Keep what the address says of the list under a name; under a name the account has already, instead of what it stood for.

    Raises CaseRefused without a name, where nothing is narrowed, and past the number one account may have.
    """
    name, query = _named(name), kept_query(query)
    if not query:
        raise CaseRefused(_("Choose a filter, a tab or an order first: there is nothing to save."))
    if len(query) > (SavedView._meta.get_field("query").max_length or 0):
        raise CaseRefused(_("Search: too long to be saved; search for fewer words."))
    own = _alone(actor)
    if own.exclude(name=name).count() >= MOST_VIEWS:
        raise CaseRefused(_("You have %(count)s saved views: delete one first.") % {"count": MOST_VIEWS})
    view, _created = SavedView.objects.update_or_create(
        account=actor.user, name=name, defaults={"query": query}, create_defaults={"query": query, "created_at": now}
    )
    return view


@action("cases.view.rename", requires=policies.owns_view)
def rename_view(view: SavedView, *, name: str, actor: Actor, now: dt.datetime) -> SavedView:
    """Raises CaseRefused without a name, or where another view of the account has it."""
    name = _named(name)
    if _alone(actor).filter(name=name).exclude(pk=view.pk).exists():
        raise CaseRefused(_("Name: another of your views is called “%(name)s”.") % {"name": name})
    view.name = name
    view.save(update_fields=["name"])
    return view


@action("cases.view.forget", requires=policies.owns_view)
def forget_view(view: SavedView, *, actor: Actor, now: dt.datetime) -> None:
    view.delete()


def _alone(actor: Actor) -> QuerySet[SavedView]:
    """The account's own views, of two of its requests to one after the other."""
    User.objects.select_for_update().get(pk=actor.holder.pk)
    return policies.visible_views(actor)


def _named(name: str) -> str:
    name = " ".join(name.split())
    longest = SavedView._meta.get_field("name").max_length or 0
    if not 0 < len(name) <= longest:
        raise CaseRefused(_("Name: one to %(count)s characters.") % {"count": longest})
    return name
