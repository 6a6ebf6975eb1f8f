"""The rooms behind the catalogue: courses and their editor, packages, lending, programmes, schools."""

from __future__ import annotations

from django.urls import URLPattern, path

from denggao.systems.university.views import courses, editor, mapping, packages, preview, programmes, schools, shares

app_name = "university"
_COURSE = "courses/<uuid:public_id>/"
_UNIT = f"{_COURSE}edit/<uuid:key>/"
urlpatterns: list[URLPattern] = [
    path("", courses.course_list, name="courses"),
    path("courses/new/", courses.course_new, name="course_new"),
    path(_COURSE, courses.course_page, name="course"),
    path(f"{_COURSE}describe/", courses.describe, name="describe"),
    path(f"{_COURSE}cover/", courses.cover, name="cover"),
    path(f"{_COURSE}items/", mapping.items, name="items"),
    path(f"{_COURSE}copy/", courses.copy, name="copy"),
    path(f"{_COURSE}archive/", courses.archive, name="archive"),
    path(f"{_COURSE}restore/", courses.restore, name="restore"),
    path(f"{_COURSE}drop-draft/", courses.drop_draft, name="drop_draft"),
    path(f"{_COURSE}publish/", courses.publish, name="publish"),
    path(f"{_COURSE}export/", courses.export, name="export"),
    path(f"{_COURSE}share/", shares.offer, name="share"),
    path(f"{_COURSE}versions/<int:number>/", courses.version_page, name="version"),
    path(f"{_COURSE}versions/<int:number>/restore/", courses.version_restore, name="version_restore"),
    path(f"{_COURSE}preview/", preview.preview, name="preview"),
    path(f"{_COURSE}preview/<uuid:key>/", preview.preview, name="preview_unit"),
    path(f"{_COURSE}edit/", editor.editor, name="editor"),
    path(f"{_COURSE}edit/begin/", editor.begin, name="begin"),
    path(f"{_COURSE}edit/order/", editor.order, name="order"),
    path(f"{_COURSE}edit/modules/", editor.module_add, name="module_add"),
    path(f"{_COURSE}edit/modules/<uuid:key>/", editor.module_change, name="module_change"),
    path(f"{_COURSE}edit/modules/<uuid:key>/units/", editor.unit_add, name="unit_add"),
    path(_UNIT, editor.editor, name="unit"),
    path(f"{_UNIT}save/", editor.unit_save, name="unit_save"),
    path(f"{_UNIT}change/", editor.unit_change, name="unit_change"),
    path(f"{_UNIT}items/", editor.unit_items, name="unit_items"),
    path(f"{_UNIT}files/", editor.file_add, name="file_add"),
    path(f"{_UNIT}files/<uuid:file_id>/remove/", editor.file_remove, name="file_remove"),
    path("packages/", packages.hand_in, name="packages"),
    path("packages/<uuid:public_id>/", packages.package, name="package"),
    path("packages/<uuid:public_id>/confirm/", packages.confirm, name="package_confirm"),
    path("packages/<uuid:public_id>/drop/", packages.drop, name="package_drop"),
    path("shares/", shares.share_list, name="shares"),
    path("shares/<uuid:public_id>/answer/", shares.answer, name="share_answer"),
    path("shares/<uuid:public_id>/end/", shares.end, name="share_end"),
    path("programmes/", programmes.programme_list, name="programmes"),
    path("programmes/new/", programmes.programme_new, name="programme_new"),
    path("programmes/<uuid:public_id>/", programmes.programme_page, name="programme"),
    path("programmes/<uuid:public_id>/describe/", programmes.describe, name="programme_describe"),
    path("programmes/<uuid:public_id>/places/", programmes.places, name="programme_places"),
    path("programmes/<uuid:public_id>/turn/", programmes.turn, name="programme_turn"),
    path("schools/", schools.school_list, name="schools"),
    path("schools/new/", schools.school_new, name="school_new"),
    path("schools/<uuid:public_id>/", schools.school_page, name="school"),
    path("schools/<uuid:public_id>/describe/", schools.describe, name="school_describe"),
    path("schools/<uuid:public_id>/close/", schools.close, name="school_close"),
    path("schools/<uuid:public_id>/members/", schools.member_add, name="member_add"),
    path("schools/<uuid:public_id>/members/<uuid:member_id>/", schools.member_change, name="member_change"),
    path("schools/<uuid:public_id>/members/<uuid:member_id>/end/", schools.member_end, name="member_end"),
]
