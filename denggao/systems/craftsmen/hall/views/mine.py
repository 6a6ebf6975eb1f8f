"""A craftsman's own page, one thing at a time; and the yes of mentors and learners."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from denggao.engines.agreements.models import Mentorship
from denggao.foundation.audit.actions import NotAllowed, Refused
from denggao.foundation.audit.actors import Actor, actor_of
from denggao.foundation.files.models import StoredFile
from denggao.foundation.files.pieces import receive
from denggao.foundation.ui.acts import Act, handed_in, posted, serve_act
from denggao.systems.craftsmen.hall import policies, queries
from denggao.systems.craftsmen.hall.actions import lineage as lineages
from denggao.systems.craftsmen.hall.actions import pages
from denggao.systems.craftsmen.hall.forms import EmptyForm, FilmForm, PartsForm, PortraitForm, WordsForm, WorkForm
from denggao.systems.craftsmen.hall.models import LineageYes, Part, Profile, Work
from denggao.systems.craftsmen.hall.pictures import made_fit
from denggao.systems.craftsmen.hall.rules import drawing_of_work
from denggao.systems.craftsmen.hall.views.public import page_context

HOME = "/craftsmen/mine/page/"
STATE_TONES = {Profile.State.DRAFT: "draft", Profile.State.SHOWN: "jade", Profile.State.HIDDEN: "crimson"}
# What each yes stands for, in a sentence beneath its name.
_EXPLAINED: dict[str, Callable[[], str]] = {
    Part.NAME: lambda: _("Stands in the hall and on top of your page. Without it nothing of you is shown."),
    Part.PORTRAIT: lambda: _(
        "Your face, on this page, in the list and on your card; used for nothing else, and not compared with any other picture."
    ),
    Part.STORY: lambda: _("What you write of yourself, and your years on the front line as declared in the nomination."),
    Part.WORKS: lambda: _("Works as you show them here; patents, awards and standards as told in the nomination."),
    Part.FILM: lambda: _("The film with its still picture and captions."),
    Part.LINEAGE: lambda: _("Who taught you and whom you taught. Their names only where they agreed themselves."),
}


@login_required
@require_GET
def home(request: HttpRequest) -> HttpResponse:
    """What stands on the page, what everybody sees of it now, and what can be done."""
    actor = actor_of(request)
    craftsman = policies.own_craftsman(actor)
    if craftsman is None:
        return render(request, "hall/mine/none.html", {})
    profile = policies.with_all(Profile.objects.filter(craftsman=craftsman)).first()
    if profile is None:
        return render(request, "hall/mine/begin.html", {"craftsman": craftsman})
    public = profile.is_public
    context = {
        "profile": profile,
        "craftsman": profile.craftsman,
        "tone": STATE_TONES[Profile.State(profile.state)],
        "public": public,
        "works": list(profile.works.select_related("picture")),
        "film": queries.film_of(profile),
        "parts": [_part(profile, part, public=public) for part in Part],
        "pairs": policies.own_mentorships(actor).count(),
    }  # fmt: skip
    return render(request, "hall/mine/home.html", context)


def _part(profile: Profile, part: Part, *, public: bool) -> tuple[Any, ...]:
    """Code, name, explanation, whether and since when agreed to, whether everybody sees it now."""
    yes = profile.said_yes(part)
    return part, part.label, _EXPLAINED[part](), yes, getattr(profile, f"{part}_yes_at"), public and yes


@login_required
@require_POST
def begin(request: HttpRequest) -> HttpResponse:
    actor = actor_of(request)
    craftsman = policies.own_craftsman(actor)
    if craftsman is None:
        raise NotAllowed("craftsmen.page.begin")
    pages.begin_page(craftsman, actor=actor, now=timezone.now())
    messages.success(request, _("The draft is made from your nomination. Nothing of it is public."))
    return redirect(HOME)


@login_required
@require_GET
def preview(request: HttpRequest) -> HttpResponse:
    """The page as everybody would see it with the yeses said so far."""
    profile = policies.get_own_profile(actor_of(request))
    return render(request, "hall/page.html", page_context(profile, timezone.localdate(), preview=True))


def _act(heading: str, follows: str, done: str, *, go: str = "", tone: str = "primary", uploads: bool = False) -> Act:
    return Act(heading, follows, go or _("Keep"), done, HOME, tone=tone, uploads=uploads)


def _serve(request: HttpRequest, form: forms.Form, act: Act, do: Callable[[], object], **context: Any) -> HttpResponse:
    return serve_act(request, form, act, do, template="hall/mine/act.html", **context)


@login_required
@require_http_methods(["GET", "POST"])
def words(request: HttpRequest) -> HttpResponse:
    actor = actor_of(request)
    profile = policies.get_own_profile(actor)
    names = ("trade", "headline", "motto", "story", "drawing")
    form = WordsForm(posted(request), initial={name: getattr(profile, name) for name in names})
    act = _act(_("Words of your page"), _("What is public already changes at once; the rest stays a draft."), _("It is kept."))
    return _serve(request, form, act, lambda: pages.write_words(profile, **form.cleaned_data, actor=actor, now=timezone.now()))


def _picture(handed: Any, actor: Actor) -> StoredFile | None:
    if handed is None:
        return None
    now = timezone.now()
    return made_fit(receive(handed, kind=policies.PICTURE, actor=actor, now=now), actor=actor, now=now)


@login_required
@require_http_methods(["GET", "POST"])
def portrait(request: HttpRequest) -> HttpResponse:
    actor = actor_of(request)
    profile = policies.get_own_profile(actor)
    form = PortraitForm(posted(request), handed_in(request))
    act = _act(
        _("Portrait"),
        _(
            "A portrait shows your face, which is sensitive personal information. It is used on your page, in the hall’s list and "
            "on your card, for nothing else; no machine compares it with other faces. It is private until you say yes to it, and "
            "erased for good when you take it away or replace it."
        ),
        _("It is kept."),
        uploads=True,
    )  # fmt: skip

    def do() -> None:
        given = form.cleaned_data
        stored = _picture(given["file"], actor)
        if stored is None and not given["remove"]:
            raise pages.PageRefused(_("Picture: choose one, or take the portrait away."))
        pages.keep_portrait(profile, stored, actor=actor, now=timezone.now())

    return _serve(request, form, act, do, picture=profile.portrait)


@login_required
@require_http_methods(["GET", "POST"])
def work_new(request: HttpRequest) -> HttpResponse:
    actor = actor_of(request)
    profile = policies.get_own_profile(actor)
    initial = {"drawing": drawing_of_work(profile.drawing, profile.works.count()), "shown": True}
    form = WorkForm(posted(request), handed_in(request), initial=initial)
    del form.fields["without_picture"]
    act = _act(_("Another work"), _("It stands last; move it further to the front afterwards."), _("It is kept."), uploads=True)

    def do() -> None:
        given = {**form.cleaned_data}
        picture = _picture(given.pop("picture"), actor)
        pages.add_work(profile, picture=picture, actor=actor, now=timezone.now(), **given)

    return _serve(request, form, act, do)


@login_required
@require_http_methods(["GET", "POST"])
def work(request: HttpRequest, work_id: UUID) -> HttpResponse:
    actor = actor_of(request)
    found = policies.get_own_work(policies.get_own_profile(actor), work_id)
    names = ("title", "line", "note", "year", "kind", "drawing", "shown")
    form = WorkForm(posted(request), handed_in(request), initial={name: getattr(found, name) for name in names})
    if found.picture is None:
        del form.fields["without_picture"]
    act = _act(found.title, _("What is public already changes at once."), _("It is kept."), uploads=True)

    def do() -> None:
        given = {**form.cleaned_data}
        picture = _picture(given.pop("picture"), actor)
        without = bool(given.pop("without_picture", False))
        pages.change_work(found, picture=picture, without_picture=without, actor=actor, now=timezone.now(), **given)

    return _serve(request, form, act, do, picture=found.picture, work=found)


@login_required
@require_POST
def work_move(request: HttpRequest, work_id: UUID) -> HttpResponse:
    actor = actor_of(request)
    pages.move_work(policies.get_own_work(policies.get_own_profile(actor), work_id), actor=actor, now=timezone.now())
    return redirect(f"{HOME}#works")


@login_required
@require_http_methods(["GET", "POST"])
def work_remove(request: HttpRequest, work_id: UUID) -> HttpResponse:
    actor = actor_of(request)
    found: Work = policies.get_own_work(policies.get_own_profile(actor), work_id)
    act = _act(
        _("Take away: %(title)s") % {"title": found.title}, _("It is gone for good, with its picture."), _("It is taken away."),
        go=_("Take it away"), tone="danger-fill",
    )  # fmt: skip
    return _serve(request, EmptyForm(posted(request)), act, lambda: pages.remove_work(found, actor=actor, now=timezone.now()))


@login_required
@require_http_methods(["GET", "POST"])
def film(request: HttpRequest) -> HttpResponse:
    actor = actor_of(request)
    profile = policies.get_own_profile(actor)
    form = FilmForm(posted(request), handed_in(request))
    act = _act(
        _("Film"), _("It is made ready in several sizes in the background; it is private until you say yes to it."),
        _("It is kept, and made ready now."), uploads=True,
    )  # fmt: skip

    def do() -> None:
        given, now = form.cleaned_data, timezone.now()
        if not any(given.values()):
            raise pages.PageRefused(_("Film: choose a file."))
        file = receive(given["file"], kind=policies.FILM, actor=actor, now=now) if given["file"] else None
        captions = receive(given["captions"], kind=policies.CAPTIONS, actor=actor, now=now) if given["captions"] else None
        pages.keep_film(profile, file=file, poster=_picture(given["poster"], actor), captions=captions, actor=actor, now=now)

    return _serve(request, form, act, do, film=queries.film_of(profile))


@login_required
@require_http_methods(["GET", "POST"])
def film_remove(request: HttpRequest) -> HttpResponse:
    actor = actor_of(request)
    profile = policies.get_own_profile(actor)
    act = _act(
        _("Take the film away"), _("It is erased for good."), _("It is taken away."), go=_("Take it away"), tone="danger-fill"
    )

    def do() -> None:
        found = getattr(profile, "film", None)
        if found is None:
            raise pages.PageRefused(_("There is no film."))
        pages.remove_film(found, actor=actor, now=timezone.now())

    return _serve(request, EmptyForm(posted(request)), act, do)


@login_required
@require_POST
def agree(request: HttpRequest) -> HttpResponse:
    """Every yes and no at once, as the boxes stand."""
    actor = actor_of(request)
    profile = policies.get_own_profile(actor)
    form = PartsForm(request.POST)
    if form.is_valid():
        stood, public = [part for part in Part if profile.said_yes(part)], profile.is_public
        profile = pages.agree(profile, form.cleaned_data["parts"], actor=actor, now=timezone.now())
        messages.success(request, _said(profile, took_back=not all(map(profile.said_yes, stood)), was_public=public))
    return redirect(HOME)


def _said(profile: Profile, *, took_back: bool, was_public: bool) -> str:
    """What became of the page by the boxes as they were kept."""
    if was_public and not profile.is_public:
        return _("It is kept. Without a yes to the name nobody sees your page any more.")
    if was_public:
        return _("It is kept. What you took back is gone from the public now.") if took_back else _("It is kept.")
    return _("It is kept. Your page is not public: that is a step of its own, below.")


@login_required
@require_POST
def show(request: HttpRequest) -> HttpResponse:
    actor = actor_of(request)
    profile = policies.get_own_profile(actor)
    try:
        pages.show_page(profile, actor=actor, now=timezone.now())
    except Refused as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, _("Everybody can see your page now."))
    return redirect(HOME)


@login_required
@require_POST
def down(request: HttpRequest) -> HttpResponse:
    actor = actor_of(request)
    pages.take_down(policies.get_own_profile(actor), actor=actor, now=timezone.now())
    messages.success(request, _("Your page is gone from the public."))
    return redirect(HOME)


# Names in a tree


@login_required
@require_GET
def lineage(request: HttpRequest) -> HttpResponse:
    """The own mentorships that stand in a craftsman's tree, and whether the own name does."""
    actor = actor_of(request)
    pairs = list(policies.own_mentorships(actor).order_by("-from_on", "-pk"))
    stands = LineageYes.objects.filter(mentorship__in=[pair.pk for pair in pairs], taken_back_at__isnull=True)
    yes = dict(stands.filter(person__account=actor.user).values_list("mentorship_id", "given_at"))
    rows = [_own_row(pair, actor, yes.get(pair.pk)) for pair in pairs]
    return render(request, "hall/mine/lineage.html", {"rows": rows})


def _own_row(pair: Mentorship, actor: Actor, at: dt.datetime | None) -> tuple[Any, ...]:
    """The mentorship, the other one, whether the actor is the learner, since when the own name stands in the tree."""
    taught = actor.user is not None and pair.learner.account_id == actor.user.pk
    return pair, pair.mentor if taught else pair.learner, taught, at


@login_required
@require_POST
def lineage_yes(request: HttpRequest, public_id: UUID) -> HttpResponse:
    actor = actor_of(request)
    pair = policies.get_own_mentorship(actor, public_id)
    try:
        if request.POST.get("answer") == "no":
            lineages.take_back(pair, actor=actor, now=timezone.now())
            messages.success(request, _("Your name is gone from the tree."))
        else:
            lineages.say_yes(pair, actor=actor, now=timezone.now())
            messages.success(request, _("Your name stands in the tree now."))
    except Refused as refused:
        messages.error(request, str(refused))
    return redirect(reverse("craftsmen_hall:lineage"))
