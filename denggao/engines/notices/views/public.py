"""What everybody sees, on a phone and without an account: the list, a notice, its proof, the form to object, the receipt."""

from __future__ import annotations

import datetime as dt
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.feedgenerator import Rss201rev2Feed
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import condition, require_http_methods, require_safe

from denggao.engines.notices import queries
from denggao.engines.notices.actions import ObjectionRefused, object_to, receipt_for
from denggao.engines.notices.actions.objecting import closed_sentence
from denggao.engines.notices.forms import WHOLE, NoticeFilter, ObjectionForm, ReceiptForm, form_token
from denggao.engines.notices.models import Notice, NoticeSnapshot
from denggao.engines.notices.policies import can_manage_notice, get_notice, visible_notices
from denggao.engines.notices.rules import read_receipt
from denggao.foundation.accounts.limits import Limit, TooOften, address_of, take
from denggao.foundation.audit.actions import AlreadyDone
from denggao.foundation.audit.actors import actor_of
from denggao.foundation.audit.records import canonical
from denggao.foundation.files.uploads import size_refused
from denggao.foundation.ui.listing import Listing

OBJECT = Limit("objection", 10, 3600)
RECEIPT = Limit("objection_receipt", 30, 600)
_TOLD_IN_FEED = ("opened", "extended", "end_fixed", "dropped", "upheld", "redacted", "closed")
_FEED_LENGTH = 50


@login_not_required
@require_safe
def notice_list(request: HttpRequest) -> HttpResponse:
    """On show now; ``?state=ended`` what was."""
    ended = request.GET.get("state") == "ended"
    today = timezone.localdate()
    every = visible_notices(actor_of(request))
    on_show = every.filter(state=Notice.State.OPEN)
    chosen = every.exclude(state=Notice.State.OPEN) if ended else on_show
    listing = Listing(
        request.GET,
        queries.with_counts(chosen),
        sorts={"first": ("first_on", "pk")},
        default="-first",
        search=("number", "title_zh", "title_en", "issuer_zh", "issuer_en"),
        filters=NoticeFilter,
        per_page=20,
    )
    tabs = [
        {"label": _("On show"), "url": listing.address(state=None, page=None), "on": not ended, "count": on_show.count()},
        {"label": _("Past"), "url": listing.address(state="ended", page=None), "on": ended, "count": None},
    ]
    context = {"listing": listing, "cards": queries.cards(listing.rows, today=today), "tabs": tabs, "ended": ended}
    return render(request, "notices/list.html", context)


@login_not_required
@require_safe
def notice(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Drawn from the newest snapshot, and from nothing else."""
    found, today = get_notice(public_id), timezone.localdate()
    snapshot = queries.newest_snapshot(found)
    context = {
        "notice": found,
        "shown": queries.shown(snapshot),
        "snapshot": snapshot,
        "strip": queries.strip_of(found, today=today),
        "phase": queries.phase_of(found, today),
        "takes_objections": found.takes_objections(today),
        "can_manage": can_manage_notice(actor_of(request), found),
    }
    return render(request, "notices/notice.html", context)


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def object_(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """The form to object. What was written stays in it whatever was refused."""
    found, now = get_notice(public_id), timezone.now()
    today = timezone.localdate(now)
    items = list(found.items.all())
    if not found.takes_objections(today):
        context: dict[str, Any] = {"notice": found, "closed": closed_sentence(found, today)}
        return render(request, "notices/object_closed.html", context, status=200 if request.method != "POST" else 409)
    if request.method != "POST":
        chosen = request.GET.get("item", WHOLE)
        form = ObjectionForm(items=items, initial={"token": form_token(), "item": chosen})
        return _form_page(request, found, form)
    form = ObjectionForm(request.POST, request.FILES, items=items)
    if too_large := size_refused(request):
        megabytes = -(-too_large // 1024 // 1024)
        form.add_error("attached", _("Together the files have %(size)s MB: more than can be taken at once.") % {"size": megabytes})
    if not form.is_valid():
        return _form_page(request, found, _with_new_token(form))
    try:
        take(OBJECT, address_of(request))
        received = object_to(
            found,
            form.chosen,
            kind=form.cleaned_data["kind"],
            name=form.cleaned_data["name"],
            contact=form.cleaned_data["contact"],
            body_name=form.cleaned_data["body_name"],
            text=form.cleaned_data["text"],
            files=form.handed,
            key=form.key,
            actor=actor_of(request),
            now=now,
        )
    except ObjectionRefused as refused:
        for name, sentence in refused.faults.items():
            form.add_error({"": None, "files": "attached"}.get(name, name), sentence)
        return _form_page(request, found, form)
    except TooOften as refused_often:
        minutes = -(-refused_often.retry_after // 60)
        form.add_error(
            None, _("Too many objections came from your network. Send it again in %(minutes)s minutes.") % {"minutes": minutes}
        )
        response = _form_page(request, found, form, status=429)
        response["Retry-After"] = str(refused_often.retry_after)
        return response
    except AlreadyDone:
        return redirect("notices:receipt", receipt_for(form.key))
    return redirect("notices:receipt", received.receipt)


def _with_new_token(form: ObjectionForm) -> ObjectionForm:
    """A form that was open for too long can be sent again as it stands."""
    if not form.key:
        form.data = {**form.data.dict(), "token": form_token()}  # type: ignore[attr-defined]  # of a bound form, a QueryDict
    return form


def _form_page(request: HttpRequest, found: Notice, form: ObjectionForm, status: int = 0) -> HttpResponse:
    context = {
        "notice": found,
        "form": form,
        "strip": queries.strip_of(found, today=timezone.localdate()),
        "had_files": bool(request.FILES) and bool(form.errors),
    }
    return render(request, "notices/object.html", context, status=status or (422 if form.errors else 200))


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def follow(request: HttpRequest) -> HttpResponse:
    """Where a receipt code is typed in."""
    form = ReceiptForm(request.POST if request.method == "POST" else None)
    if request.method == "POST":
        take(RECEIPT, address_of(request))
        if form.is_valid():
            code = read_receipt(form.cleaned_data["receipt"])
            if queries.objection_by_receipt(code) is not None:
                return redirect("notices:receipt", code)
            form.add_error(
                "receipt", _("No objection has this receipt. Compare it letter by letter: it has neither O nor 0, I nor 1.")
            )
    return render(request, "notices/follow.html", {"form": form}, status=422 if form.errors else 200)


@login_not_required
@never_cache
@require_safe
def receipt(request: HttpRequest, receipt: str) -> HttpResponse:
    """Where an objection stands, for whoever has its code: neither who wrote it nor what."""
    take(RECEIPT, address_of(request))
    found = queries.objection_by_receipt(receipt)
    if found is None:
        raise Http404
    response = render(request, "notices/receipt.html", {"objection": found, "receipt": read_receipt(receipt)})
    # SECURITY: the address is the key; it goes to no other site.
    response["Referrer-Policy"] = "no-referrer"
    response["X-Robots-Tag"] = "noindex"
    return response


@login_not_required
@require_safe
def proof(request: HttpRequest, public_id: UUID) -> HttpResponse:
    found = get_notice(public_id)
    context = {"notice": found, "proof": queries.proof_of(found)}
    return render(request, "notices/proof.html", context)


def _snapshot(public_id: UUID, number: int) -> NoticeSnapshot:
    return get_object_or_404(NoticeSnapshot.objects.select_related("notice"), notice__public_id=public_id, number=number)


@login_not_required
@require_safe
def as_shown(request: HttpRequest, public_id: UUID, number: int) -> HttpResponse:
    """The page as it was on show."""
    snapshot = _snapshot(public_id, number)
    later = NoticeSnapshot.objects.filter(notice=snapshot.notice, number=number + 1).first()
    context = {
        "notice": snapshot.notice,
        "snapshot": snapshot,
        "shown": queries.shown(snapshot),
        "until": later.at if later else None,
    }
    return render(request, "notices/as_shown.html", context)


@login_not_required
@require_safe
def as_data(request: HttpRequest, public_id: UUID, number: int) -> HttpResponse:
    """The very bytes whose SHA-256 is the snapshot's."""
    return HttpResponse(canonical(_snapshot(public_id, number).content), content_type="application/json; charset=utf-8")


def _newest(request: HttpRequest) -> dt.datetime | None:
    newest = NoticeSnapshot.objects.filter(cause__in=_TOLD_IN_FEED).order_by("-at").first()
    return newest.at if newest else None


def _mark(request: HttpRequest) -> str:
    return f'"{get_language()}-{_newest(request)}"'


@login_not_required
@require_safe
@condition(etag_func=_mark)
def feed(request: HttpRequest) -> HttpResponse:
    """RSS: what began, changed and ended, newest first."""
    base = settings.BASE_URL
    told = Rss201rev2Feed(
        title=_("Public notices"),
        link=f"{base}{reverse('notices:list')}",
        feed_url=f"{base}{reverse('notices:feed')}",
        description=_("What is on public notice, for how long, and what came of it."),
        language="en" if (get_language() or "").startswith("en") else "zh-CN",
    )
    newest = NoticeSnapshot.objects.filter(cause__in=_TOLD_IN_FEED).select_related("notice").order_by("-at", "-number")
    for snapshot in newest[:_FEED_LENGTH]:
        seen = queries.shown(snapshot)
        link = f"{base}{reverse('notices:notice', args=[snapshot.notice.public_id])}"
        told.add_item(
            title=f"{snapshot.get_cause_display()} · {seen.title}",
            link=link,
            description=_feed_line(seen),
            pubdate=snapshot.at,
            unique_id=f"{link}proof/{snapshot.number}/",
        )
    return HttpResponse(told.writeString("utf-8"), content_type="application/rss+xml; charset=utf-8")


def _feed_line(seen: queries.ShownNotice) -> str:
    values = {"number": seen.number, "first": seen.first_on, "last": seen.last_on, "names": len(seen.items)}
    if seen.last_on is None:
        return (
            _("%(number)s: %(names)s on notice from %(first)s; the end is fixed when the year’s arrangement is entered.") % values
        )
    return _("%(number)s: %(names)s on notice from %(first)s to %(last)s, 24:00.") % values
