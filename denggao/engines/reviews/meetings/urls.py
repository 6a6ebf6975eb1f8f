from __future__ import annotations

from django.urls import URLPattern, path

from denggao.engines.reviews.meetings.views import member, office

app_name = "meetings"
own = [
    path("mine/", member.mine, name="mine"),
    path("mine/<uuid:public_id>/", member.seat_page, name="seat"),
    path("mine/<uuid:public_id>/answer/", member.answer, name="answer"),
    path("mine/<uuid:public_id>/items/<uuid:item_id>/", member.file_page, name="file"),
    path("mine/<uuid:public_id>/items/<uuid:item_id>/vote/", member.vote, name="vote"),
    path("mine/<uuid:public_id>/items/<uuid:item_id>/check/", member.check, name="check_mine"),
    path("mine/<uuid:public_id>/items/<uuid:item_id>/recuse/", member.recuse, name="recuse_mine"),
]
planning = [
    path("", office.meeting_list, name="meetings"),
    path("new/", office.meeting_new, name="new"),
    path("<uuid:public_id>/", office.meeting_page, name="meeting"),
    path("<uuid:public_id>/edit/", office.meeting_edit, name="edit"),
    path("<uuid:public_id>/candidates/", office.meeting_refresh, name="refresh"),
    path("<uuid:public_id>/call-off/", office.meeting_call_off, name="call_off"),
    path("<uuid:public_id>/members/", office.members_invite, name="invite"),
    path("<uuid:public_id>/members/<uuid:member_id>/remove/", office.member_remove, name="remove"),
    path("<uuid:public_id>/members/<uuid:member_id>/chair/", office.member_chair, name="chair"),
    path("<uuid:public_id>/recusals/<uuid:recusal_id>/clear/", office.recusal_clear, name="clear"),
]
the_day = [
    path("<uuid:public_id>/members/<uuid:member_id>/arrive/", office.member_arrive, name="arrive"),
    path("<uuid:public_id>/members/<uuid:member_id>/leave/", office.member_leave, name="leave"),
    path("<uuid:public_id>/open/", office.meeting_open, name="open"),
    path("<uuid:public_id>/items/<uuid:item_id>/call/", office.item_call, name="call"),
    path("<uuid:public_id>/items/<uuid:item_id>/votes/", office.item_votes, name="votes"),
    path("<uuid:public_id>/items/<uuid:item_id>/settle/", office.item_settle, name="settle"),
    path("<uuid:public_id>/items/<uuid:item_id>/count/", office.item_count, name="count"),
    path("<uuid:public_id>/items/<uuid:item_id>/check/", office.item_check, name="check"),
    path("<uuid:public_id>/items/<uuid:item_id>/again/", office.item_again, name="again"),
    path("<uuid:public_id>/items/<uuid:item_id>/decision/", office.item_decide, name="decide"),
    path("<uuid:public_id>/items/<uuid:item_id>/recuse/", office.item_recuse, name="recuse"),
    path("<uuid:public_id>/second-vote/", office.second_vote, name="second_vote"),
]
ending = [
    path("<uuid:public_id>/minutes/", office.minutes_write, name="minutes"),
    path("<uuid:public_id>/minutes.pdf", office.minutes_pdf, name="pdf"),
    path("<uuid:public_id>/end/", office.votes_end, name="end"),
    path("<uuid:public_id>/resume/", office.votes_resume, name="resume"),
    path("<uuid:public_id>/close/", office.meeting_close, name="close"),
    path("<uuid:public_id>/addenda/", office.addendum_write, name="addendum"),
]
urlpatterns: list[URLPattern] = [*own, *planning, *the_day, *ending]
