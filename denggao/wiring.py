"""The roof: the one place where rooms are plugged into each other. Read it as a table of contents.

Called once, when all rooms are loaded (``denggao.apps`` is the last to be ready).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Sequence
from importlib import import_module
from importlib.util import find_spec

from django.apps import apps
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from denggao.engines.agreements import queries as signatures
from denggao.engines.agreements.models import Refusal, Signature, SigningRequest
from denggao.engines.agreements.outcomes import register_levels as register_learners_levels
from denggao.engines.agreements.panels import mentorships_panel
from denggao.engines.agreements.registry import register_beside, register_labels, register_signing
from denggao.engines.cases import procedures
from denggao.engines.cases.actions.arriving import LARGE_FILES, take_in
from denggao.engines.cases.actions.attaching import FILE_KIND as CASE_FILE
from denggao.engines.cases.actions.office import recount_deadlines
from denggao.engines.cases.fields import LARGE_LIMIT
from denggao.engines.cases.models import SUBJECT_KIND, Attachment, Case, CheckResult, Snapshot
from denggao.engines.cases.policies import can_hand_in_large, can_read_attachment
from denggao.engines.cases.procedures import StageKind
from denggao.engines.cases.sight import plug_sight
from denggao.engines.cases.stages import plug_stage
from denggao.engines.cases.stages.consent import Consenting
from denggao.engines.cases.stages.cosign import Cosigning, signed_about, signing_subject
from denggao.engines.cases.stages.interview import ROUND_KIND, RoundsHear
from denggao.engines.cases.stages.meeting import Meetings, RoundsMeet
from denggao.engines.cases.stages.notice import Noticing, notice_subject
from denggao.engines.cases.stages.review import ReviewedCases, Reviewing, in_conflict, judged_by, look_again
from denggao.engines.credentials.actions import join_waiting
from denggao.engines.credentials.actions.issued import PAPER_KIND
from denggao.engines.credentials.appointing import letter_of_ended
from denggao.engines.credentials.hooks import certificates_changed
from denggao.engines.credentials.kinds import appointment_kind, plaque_kind
from denggao.engines.credentials.policies import can_read_paper_file
from denggao.engines.credentials.registry import register_issued_kind, tell_kind
from denggao.engines.hours.hooks import hours_corrected, time_folded
from denggao.engines.hours.panels import hours_panel
from denggao.engines.hours.policies import FIX_FILE, JUDGES, can_read_fix_file
from denggao.engines.hours.registry import plug_hours_sight, register_activity, register_context, register_rule
from denggao.engines.hours.turns import findings_to_judge, fixes_to_answer
from denggao.engines.hours.turns import waiting as hours_waiting
from denggao.engines.ledger import registry as counting_rules
from denggao.engines.ledger.actions import rebuild_changed_plan, recount
from denggao.engines.ledger.evidence import register_opener
from denggao.engines.ledger.pulse import register_pulse
from denggao.engines.notices.actions import fix_answer_days, fix_open_ends
from denggao.engines.notices.models import Notice, NoticeItem, Objection, ObjectionFile, ObjectionNote, ObjectionOriginal
from denggao.engines.notices.policies import FILE_KIND as OBJECTION_FILE
from denggao.engines.notices.policies import HANDLERS, can_read_objection_file
from denggao.engines.notices.queries import count_open_objections
from denggao.engines.notices.registry import register_notice_subject
from denggao.engines.reviews.actions.closing import count_anew
from denggao.engines.reviews.actions.conflicts import people_changed as look_for_conflicts_of
from denggao.engines.reviews.actions.ranking import rank_anew
from denggao.engines.reviews.finders import BodyFinder, KinFinder, MentorshipFinder, NominatorFinder, PartyFinder
from denggao.engines.reviews.finding import register_finder
from denggao.engines.reviews.hooks import counting_changed, result_changed
from denggao.engines.reviews.interviews.models import InterviewDay, Slot
from denggao.engines.reviews.interviews.queries import interviews_ahead
from denggao.engines.reviews.interviews.registry import register_interview_subject
from denggao.engines.reviews.meetings.actions.recusing import people_changed as look_for_recusals_of
from denggao.engines.reviews.meetings.models import Addendum, Ballot, Item, Meeting, Member, Presence, Recusal, Vote
from denggao.engines.reviews.meetings.queries import closings_to_confirm
from denggao.engines.reviews.meetings.queries import to_vote_on as meetings_to_attend
from denggao.engines.reviews.meetings.registry import register_meeting_subject
from denggao.engines.reviews.models import Assignment, Conflict, Panel, Ranking, Score, SiteVisit, Tally, VisitPhoto
from denggao.engines.reviews.policies import hidden_subjects
from denggao.engines.reviews.queries import panels_to_fill, roles_by_register
from denggao.engines.reviews.register_sheet import ExpertSheet
from denggao.engines.reviews.registry import register_review_subject
from denggao.engines.reviews.sealing import PHOTO_KIND, can_read_photo
from denggao.engines.reviews.sheets import reviews_to_do
from denggao.faces.api.queries import actor_of_token_id
from denggao.faces.desk import queries as desk
from denggao.faces.desk.registry import SearchSource, WorkSource, register_search, register_work
from denggao.foundation.audit.actors import OFFICE_ROLES, Role
from denggao.foundation.audit.commands import command_ends, command_starts
from denggao.foundation.audit.hiding import Belonging, plug_hiding
from denggao.foundation.audit.policies import READERS
from denggao.foundation.audit.seals import seal_after_command
from denggao.foundation.calendar.hooks import calendar_changed
from denggao.foundation.files import policies as file_policies
from denggao.foundation.files.hooks import upload_arrived, upload_finished
from denggao.foundation.files.incoming import GIGABYTE, UploadKind, register_upload
from denggao.foundation.jobs.registry import job_failed, plug_actors
from denggao.foundation.jobs.tasks import finish_in_background
from denggao.foundation.media.policies import OUTPUT as MEDIA_OUTPUT
from denggao.foundation.media.policies import can_read_output
from denggao.foundation.messages.queries import unread_count
from denggao.foundation.messages.tasks import tell_failure
from denggao.foundation.organisations.actions.employments import resolve_occupations_again
from denggao.foundation.organisations.hooks import appointment_ended, heads_changed, plug_joining
from denggao.foundation.organisations.members.queries import identity_of_account, names_of_accounts, roles_of
from denggao.foundation.organisations.panels import appointments_panel, employments_panel
from denggao.foundation.organisations.policies import employed_here
from denggao.foundation.organisations.queries import actor_of_account, employments_by_occupation_name, plug_role_source
from denggao.foundation.organisations.sheets.employers import Employers
from denggao.foundation.organisations.sheets.roster import Roster
from denggao.foundation.people.hooks import people_changed
from denggao.foundation.people.panels import register_panel
from denggao.foundation.people.policies import plug_visibility
from denggao.foundation.people.signin.queries import plug_roles
from denggao.foundation.plans.actions import PlanJoining
from denggao.foundation.plans.hooks import plan_changed
from denggao.foundation.plans.models import ProofGrade
from denggao.foundation.plans.registry import tell_rule
from denggao.foundation.sheets import kinds as sheet_kinds
from denggao.foundation.sheets.actions import UPLOAD
from denggao.foundation.sheets.policies import can_read_upload
from denggao.foundation.standards.coverage import register_coverage
from denggao.foundation.standards.hooks import occupations_changed
from denggao.foundation.standards.ladder import BY_CODE
from denggao.foundation.standards.teaching.sheets import TeachingStandardSheet
from denggao.foundation.standards.uses import Use, plug_use
from denggao.foundation.ui.navigation import EVERYONE, OVERSIGHT, NavItem, PublicItem, register_item, register_public, set_identity
from denggao.foundation.ui.words import set_account_names, set_level_name
from denggao.guards import before_command
from denggao.systems.assessment.actions import resolve_again
from denggao.systems.assessment.counting import EVIDENCE_KIND, RULE, FirstRaise
from denggao.systems.assessment.evidence import open_raise
from denggao.systems.assessment.policies import SCAN_KIND, can_read_scan
from denggao.systems.assessment.queries import counts_by_name, level_papers, levels_of, public_facts
from denggao.systems.assessment.reached import levels_reached as learners_levels
from denggao.systems.assessment.rules import FIRST_RAISE_IN_WORDS
from denggao.systems.assessment.sheets import KIND, CertificateSheet
from denggao.systems.bases.actions.appraising import fix_remedy_ends
from denggao.systems.bases.actions.rubric import bring_rubric
from denggao.systems.bases.appraisal.providers import own_providers, register_provider
from denggao.systems.bases.counting import EVIDENCE_KIND as BASE_EVIDENCE_KIND
from denggao.systems.bases.counting import AccreditedBases
from denggao.systems.bases.evidence import open_accreditation
from denggao.systems.bases.models import Base, BaseApplication
from denggao.systems.bases.policies import EVIDENCE as BASE_EVIDENCE
from denggao.systems.bases.policies import can_read_evidence
from denggao.systems.bases.pool.policies import PAPER as QUALIFICATION_SCAN
from denggao.systems.bases.pool.policies import can_read_paper as can_read_qualification
from denggao.systems.bases.pool.queries import qualifications_running_out, teachers_to_answer
from denggao.systems.bases.procedures import ACCREDITATION, RENEWAL
from denggao.systems.bases.rules import ACCREDITED_BASES, ACCREDITED_IN_WORDS
from denggao.systems.bases.signing import SIGNED_LABELS
from denggao.systems.bases.turns import acts_to_confirm, appraisals_to_do
from denggao.systems.craftsmen import policies as craftsmen
from denggao.systems.craftsmen.actions.rubric import bring_rubric as bring_craftsmen_rubric
from denggao.systems.craftsmen.benefits.actions import title_revoked as benefits_of_revoked
from denggao.systems.craftsmen.benefits.models import BenefitApplication, BenefitOutcome
from denggao.systems.craftsmen.benefits.panels import benefits_panel
from denggao.systems.craftsmen.benefits.sources import plug_levels
from denggao.systems.craftsmen.benefits.system import PROCEDURE as BENEFIT_PROCEDURE
from denggao.systems.craftsmen.benefits.turns import benefits_to_review
from denggao.systems.craftsmen.benefits.turns import outcomes_to_confirm as benefit_outcomes
from denggao.systems.craftsmen.counting import EVIDENCE_KIND as NAMING_EVIDENCE_KIND
from denggao.systems.craftsmen.counting import NamedCraftsmen
from denggao.systems.craftsmen.credentials import certificate_kind, register_paper
from denggao.systems.craftsmen.evidence import open_naming
from denggao.systems.craftsmen.facts import KnownFact, register_facts
from denggao.systems.craftsmen.hall import policies as hall
from denggao.systems.craftsmen.hall.actions.pages import begin_page
from denggao.systems.craftsmen.hall.cards import register_card
from denggao.systems.craftsmen.hall.models import Film, Profile, Work
from denggao.systems.craftsmen.hall.panels import name_in_tree, page_panel, shown_page
from denggao.systems.craftsmen.hall.pictures import TAKEN as HALL_PICTURES
from denggao.systems.craftsmen.hall.registry import LevelReached, Recognition, register_levels, register_recognitions
from denggao.systems.craftsmen.hooks import craftsman_named, craftsman_revoked
from denggao.systems.craftsmen.lane.actions import title_revoked as candidacies_of_revoked
from denggao.systems.craftsmen.lane.models import Candidacy, CandidacyOutcome, CandidateFile
from denggao.systems.craftsmen.lane.panels import candidacies_panel
from denggao.systems.craftsmen.lane.policies import LANE_FILE
from denggao.systems.craftsmen.lane.policies import can_read_file as can_read_lane_file
from denggao.systems.craftsmen.lane.turns import candidacies_to_tell
from denggao.systems.craftsmen.lane.turns import outcomes_to_confirm as lane_outcomes
from denggao.systems.craftsmen.mentors import queries as mentors
from denggao.systems.craftsmen.mentors.actions.ending import appointment_over, end_with_title
from denggao.systems.craftsmen.mentors.panels import craftsman_panel, person_panel
from denggao.systems.craftsmen.mentors.registry import register_places
from denggao.systems.craftsmen.models import Craftsman, Nomination
from denggao.systems.craftsmen.panels import plug_craftsman_panel, plug_public_page
from denggao.systems.craftsmen.procedures import CRAFTSMAN
from denggao.systems.craftsmen.rules import NAMED_CRAFTSMEN, NAMED_IN_WORDS
from denggao.systems.craftsmen.studios import policies as studios
from denggao.systems.craftsmen.studios import turns as studio_turns
from denggao.systems.craftsmen.studios.actions.acts import suspend_led_by
from denggao.systems.craftsmen.studios.actions.rubric import bring_rubric as bring_studio_rubric
from denggao.systems.craftsmen.studios.facts import plug_fact
from denggao.systems.craftsmen.studios.kinds import studio_plaque
from denggao.systems.craftsmen.studios.models import Evaluation as StudioEvaluation
from denggao.systems.craftsmen.studios.models import Studio, StudioApplication
from denggao.systems.craftsmen.studios.procedures import EVALUATION as STUDIO_EVALUATION
from denggao.systems.craftsmen.studios.procedures import FOUNDING as STUDIO_FOUNDING
from denggao.systems.craftsmen.turns import acts_to_confirm as craftsman_acts
from denggao.systems.craftsmen.turns import medals_to_get_back
from denggao.systems.university import policies as university
from denggao.systems.university.actions.files import make_ready
from denggao.systems.university.covering import CourseCoverage
from denggao.systems.university.founding.actions import recount_schools
from denggao.systems.university.founding.counting import EVIDENCE_KIND as FOUNDING_EVIDENCE_KIND
from denggao.systems.university.founding.counting import FoundedUniversity
from denggao.systems.university.founding.evidence import open_founding
from denggao.systems.university.founding.procedures import FOUNDING
from denggao.systems.university.founding.rules import FOUNDED_IN_WORDS, FOUNDED_UNIVERSITY
from denggao.systems.university.founding.turns import ends_to_confirm
from denggao.systems.university.hooks import file_added, school_changed
from denggao.systems.university.learning.actions.progressing import correct as correct_progress
from denggao.systems.university.learning.actions.progressing import fold as fold_into_progress
from denggao.systems.university.learning.hours import employers_sight, enrolment_context, unit_activity
from denggao.systems.university.learning.models import SeatApplication
from denggao.systems.university.learning.panels import open_runs, programme_runs
from denggao.systems.university.learning.policies import WORK as SUBMITTED
from denggao.systems.university.learning.policies import can_read_work, learns_version
from denggao.systems.university.learning.pulse import university_pulse
from denggao.systems.university.learning.queries import classes as learning
from denggao.systems.university.learning.queries.steps import ACTIVITY as LEARNING_ACTIVITY
from denggao.systems.university.learning.queries.steps import CONTEXT as LEARNING_CONTEXT
from denggao.systems.university.learning.selection.queries import handled_by as applications_handled
from denggao.systems.university.learning.selection.queries import waiting as seat_applications_waiting
from denggao.systems.university.learning.selection.system import COURSE_SELECTION
from denggao.systems.university.learning.sheets import EnrolmentSheet
from denggao.systems.university.models import FoundingApplication, University
from denggao.systems.university.packages.files import HANDED_IN as UNIT_FILES
from denggao.systems.university.queries import plug_course_panel, plug_programme_panel, published_title, shares_to_answer

KEEPERS = frozenset({Role.ADMINISTRATOR, Role.CLERK, Role.REVIEWER})


def wire() -> None:
    _sheets()
    _counting()
    _credentials()
    _hooks()
    _jobs()
    _pages()
    _notices()
    _calendar()
    _cases()
    _reviews()
    _meetings()
    _interviews()
    _bases()
    _craftsmen()
    _benefits()
    _lane()
    _mentors()
    _hall()
    _layout()
    _hours()
    _university()
    _founding()
    _studios()
    _teaching()
    _learning()
    _media()
    _hiding()
    _commands()


def _sheets() -> None:
    """Which sheets are taken, and who may read the files they came in."""
    file_policies.register(UPLOAD, can_read_upload)
    file_policies.register(SCAN_KIND, can_read_scan)
    sheet_kinds.register(Employers())
    sheet_kinds.register(Roster())
    sheet_kinds.register(CertificateSheet())
    sheet_kinds.register(ExpertSheet())
    sheet_kinds.register(TeachingStandardSheet())


def _counting() -> None:
    """Which rules count, and who opens their evidence."""
    counting_rules.register(RULE, FirstRaise())
    tell_rule(RULE, FIRST_RAISE_IN_WORDS)
    tell_kind(KIND, public_facts)
    register_opener(EVIDENCE_KIND, open_raise)


def _credentials() -> None:
    """What the platform itself issues."""
    register_issued_kind(plaque_kind())
    register_issued_kind(appointment_kind())
    appointment_ended.plug(letter_of_ended)
    file_policies.register(PAPER_KIND, can_read_paper_file)


def _hooks() -> None:
    """What follows, in the same transaction, when something changes. Whoever joins comes before whoever counts."""
    people_changed.plug(heads_changed)
    plug_visibility(employed_here)
    heads_changed.plug(join_waiting)
    heads_changed.plug(recount)
    certificates_changed.plug(recount)
    occupations_changed.plug(resolve_occupations_again)
    occupations_changed.plug(resolve_again)
    plug_joining(PlanJoining())
    plug_use(Use("employments", _("employments"), employments_by_occupation_name))
    plug_use(Use("certificates", _("certificates"), counts_by_name))
    plan_changed.plug(rebuild_changed_plan)


def _jobs() -> None:
    """What runs in the background: each room's ``tasks``."""
    plug_actors(lambda public_id, on: actor_of_account(public_id, on) or actor_of_token_id(public_id, on))
    job_failed.plug(tell_failure)
    for room in apps.get_app_configs():
        if room.name.startswith("denggao.") and find_spec(f"{room.name}.tasks"):
            import_module(f"{room.name}.tasks")


def _pages() -> None:
    """What stands in the navigation and on the worklist."""
    register_panel("employments", employments_panel, position=10)
    register_panel("appointments", appointments_panel, position=20)
    register_panel("mentorships", mentorships_panel, position=30)
    set_level_name(lambda code: BY_CODE[code].name if code in BY_CODE else code)
    register_public(
        PublicItem("board", _("Board"), "board:home", 10, under="/board/"),
        PublicItem("verify", _("Verify a certificate"), "portal:verify", 20),
        PublicItem("rules", _("How we count"), "portal:rules", 30),
        PublicItem("help", _("Help"), "portal:help", 50),
        PublicItem("footer_rules", _("How we count"), "portal:rules", 10, in_footer=True),
        PublicItem("footer_open_data", _("Open data"), "portal:open_data", 20, in_footer=True),
        PublicItem("footer_privacy", _("Privacy"), "portal:privacy", 30, in_footer=True),
        PublicItem("footer_accessibility", _("Accessibility"), "portal:accessibility", 40, in_footer=True),
        PublicItem("footer_api", _("Programming interface"), "api_reference", 45, in_footer=True),
        PublicItem("footer_help", _("Help"), "portal:help", 50, in_footer=True),
    )
    set_identity(identity_of_account)
    set_account_names(names_of_accounts)
    plug_roles(roles_of)
    register_item(
        NavItem("organisations", _("Organisations"), "building", "organisations:list", "work", 20, roles=OFFICE_ROLES | {Role.HR}),
        NavItem("people", _("People"), "users", "people:list", "work", 30, roles=OFFICE_ROLES),
        NavItem(
            "certificates", _("Certificates"), "certificate", "assessment:certificates", "work", 20, roles=OFFICE_ROLES | {Role.HR}
        ),
        NavItem("plans", _("Plans"), "target", "plans:plans", "work", 50, roles=OVERSIGHT | {Role.HR}),
        NavItem("occupations", _("Occupations"), "tags", "standards:occupations", "work", 60, roles=OFFICE_ROLES),
        NavItem(
            "appointments",
            _("Appointments"),
            "id-badge-2",
            "organisations:appointments",
            "work",
            47,
            roles=OFFICE_ROLES | {Role.HR, Role.BASE_MANAGER, Role.AUTHORITY},
        ),
        NavItem(
            "mentorships",
            _("Mentorships"),
            "users",
            "agreements:mentorships",
            "work",
            48,
            roles=OFFICE_ROLES | {Role.HR, Role.BASE_MANAGER},
        ),
        NavItem(
            "own_mentorships", _("My mentorships"), "users", "agreements:mentorship_mine", "own", 30, frozenset(), personal=True
        ),
        NavItem("members", _("Members"), "users-group", "members:list", "system", 60, roles=OFFICE_ROLES | {Role.HR}),
        NavItem(
            "tokens",
            _("Access for programs"),
            "key",
            "tokens:index",
            "system",
            70,
            roles=frozenset({Role.ADMINISTRATOR, Role.CLERK, Role.HR}),
        ),
        NavItem("desk", _("My desk"), "home", "desk:home", position=10, on_phone=True),
        NavItem("search", _("Search"), "search", "desk:search", position=20, on_phone=True),
        NavItem("messages", _("Messages"), "bell", "denggao_messages:list", position=30, count=unread_count, on_phone=True),
        NavItem("audit", _("Audit"), "fingerprint", "auditing:list", "system", 70, roles=READERS),
        NavItem("jobs", _("Background work"), "progress", "jobs:list", "system", 80, roles=OFFICE_ROLES),
        NavItem("imports", _("Imports"), "table-import", "sheets:list", "data", 10, roles=OFFICE_ROLES | {Role.HR}),
        NavItem("board", _("Board"), "chart-bar", "board:home", "data", 80, on_phone=True),
    )
    register_item(
        NavItem(
            "signatures", _("Signatures"), "signature", "agreements:list", "work", 25,
            roles=OVERSIGHT, count=signatures.waiting_count,
        )
    )  # fmt: skip
    register_work(
        WorkSource(
            "signatures", _("Texts that wait for my body’s signature"), _("Read each and sign it, or refuse with a reason."),
            "signature", frozenset({Role.AUTHORITY}), signatures.waiting_count, "/signatures/", query="?tab=waiting", position=5,
        ),
        WorkSource(
            "occupation_names", _("Occupation names to map"), _("Say which occupation is meant; until then it does not count."),
            "tags", KEEPERS, desk.names_to_map, "/occupations/names/", position=10,
        ),
        WorkSource(
            "name_conflicts", _("Names that contradict each other"), _("One document, two names: rule which one holds."),
            "user-question", KEEPERS, desk.open_name_conflicts, "/people/conflicts/", position=20,
        ),
        WorkSource(
            "overlaps", _("People whom two employers list"), _("Explain each, or ask both for their papers."),
            "arrows-exchange", KEEPERS, desk.open_overlaps, "/organisations/overlaps/", position=30,
        ),
        WorkSource(
            "waiting_certificates", _("Certificates that wait for their person"), _("They join by themselves; some are offered."),
            "user-search", KEEPERS, desk.waiting_certificates, "/certificates/waiting/", position=40,
        ),
        WorkSource(
            "unconfirmed_certificates", _("Certificate numbers of an unknown shape"), _("Confirm each; they don’t count before."),
            "certificate", KEEPERS, desk.certificates_to_confirm, "/certificates/", query="?open=number", position=50,
        ),
        WorkSource(
            "imports", _("Imports not finished"), _("Look at the preview and apply, or call it off."),
            "table-import", KEEPERS | {Role.HR}, desk.unfinished_imports, "/imports/", position=60,
        ),
    )  # fmt: skip
    register_search(
        SearchSource("people", _("People"), "user", desk.find_people, position=10),
        SearchSource("organisations", _("Organisations"), "building", desk.find_organisations, position=20),
        SearchSource("certificates", _("Certificates"), "certificate", desk.find_certificates, position=30),
    )


def _reviews() -> None:
    """Where conflicts of interest are found, and when they are looked for again."""
    register_finder("party", PartyFinder())
    register_finder("body", BodyFinder())
    register_finder("mentorship", MentorshipFinder())
    register_finder("nominator", NominatorFinder())
    register_finder("kin", KinFinder())
    heads_changed.plug(look_for_conflicts_of)
    plug_role_source(roles_by_register)
    register_item(
        NavItem("experts", _("Experts"), "users-group", "reviews:experts", "work", 45, roles=OFFICE_ROLES),
        NavItem("panels", _("Expert reviews"), "scale", "reviews:panels", "work", 44, roles=OFFICE_ROLES),
        NavItem(
            "my_reviews", _("My reviews"), "clipboard-list", "reviews:queue", position=25,
            roles=frozenset({Role.EXPERT}), count=reviews_to_do, on_phone=True,
        ),
    )  # fmt: skip
    register_work(
        WorkSource(
            "reviews", _("Reviews that wait for you"), _("Say whether you take it; then score and hand in by the due date."),
            "clipboard-list", frozenset({Role.EXPERT}), reviews_to_do, "/reviews/", query="?show=todo", position=5,
        ),
        WorkSource(
            "panels_to_fill", _("Reviews with empty seats"), _("Ask experts by hand, by a rule, or balanced automatically."),
            "scale", frozenset({Role.CLERK, Role.REVIEWER}), panels_to_fill, "reviews:panels", query="?seats=empty", position=25,
        ),
    )  # fmt: skip
    counting_changed.plug(count_anew)
    result_changed.plug(rank_anew)
    file_policies.register(PHOTO_KIND, can_read_photo)


def _meetings() -> None:
    """Jury meetings: what they are about, whose turn it is, and when recusals are looked for again."""
    plug_stage(StageKind.MEETING, Meetings())
    register_meeting_subject(ROUND_KIND, RoundsMeet())
    heads_changed.plug(look_for_recusals_of)
    register_item(
        NavItem(
            "meetings", _("Jury meetings"), "users-group", "meetings:meetings", "work", 45, roles=OFFICE_ROLES,
        ),
        NavItem(
            "my_juries", _("My juries"), "users-group", "meetings:mine", position=26, roles=frozenset({Role.EXPERT}),
            count=meetings_to_attend,
        ),
    )  # fmt: skip
    register_work(
        WorkSource(
            "my_juries", _("Juries that wait for you"), _("Answer the invitation; on the day, vote on your phone."),
            "users-group", frozenset({Role.EXPERT}), meetings_to_attend, "/reviews/meetings/mine/", position=6,
        ),
        WorkSource(
            "meeting_ends", _("Jury meetings to confirm"), _("The votes are ended: a second person confirms the outcome."),
            "user-check", frozenset({Role.REVIEWER}), closings_to_confirm, "/reviews/meetings/", position=7,
        ),
    )  # fmt: skip


def _interviews() -> None:
    """Interview days: who is heard, and whose turn comes when."""
    register_interview_subject(ROUND_KIND, RoundsHear())
    register_item(
        NavItem("interviews", _("Interview days"), "clock", "interviews:days", "work", 45, roles=OFFICE_ROLES),
        NavItem(
            "my_interviews", _("My interviews"), "message", "interviews:mine", position=29,
            roles=frozenset({Role.HR, Role.BASE_MANAGER}),
        ),
        NavItem("own_interviews", _("My interviews"), "message", "interviews:mine", "own", 40, frozenset(), personal=True),
    )  # fmt: skip
    register_work(
        WorkSource(
            "my_interviews", _("Interviews to come"), _("Your time, and how late it runs on the day."), "clock",
            frozenset({Role.HR, Role.BASE_MANAGER}), interviews_ahead, "/reviews/interviews/mine/", position=7,
        )
    )  # fmt: skip


def _layout() -> None:
    """The bases as everybody sees them, and the teachers they share."""
    file_policies.register(QUALIFICATION_SCAN, can_read_qualification)
    register_public(PublicItem("training_bases", _("Training bases"), "training_bases:list", 12))
    register_item(
        NavItem(
            "teachers", _("Teachers"), "school", "teachers:list", "work", 46,
            roles=OVERSIGHT | {Role.HR, Role.BASE_MANAGER}, count=teachers_to_answer,
        )
    )  # fmt: skip
    register_work(
        WorkSource(
            "teacher_invitations", _("Invitations to answer"), _("A base asks for one of your teachers."),
            "mail", frozenset({Role.BASE_MANAGER, Role.HR}), teachers_to_answer, "/teachers/invitations/", query="?state=asked",
            position=72,
        ),
        WorkSource(
            "qualifications", _("Qualifications that run out"),
            _("A teacher without one in force does not count in the appraisal."), "certificate",
            frozenset({Role.BASE_MANAGER, Role.HR}), qualifications_running_out, "/teachers/", query="?papers=soon", position=74,
        ),
    )  # fmt: skip


def _university() -> None:
    """Schools, what they teach, and who reads a course's files."""
    plug_role_source(university.teachers_by_school)
    file_added.plug(make_ready)
    file_policies.register(university.UNIT_FILE, university.can_read_unit_file, personal=False)
    file_policies.register(university.LOGO, university.is_open_to_all, personal=False)
    register_upload(UploadKind(university.UNIT_FILE, _("Files of courses"), UNIT_FILES, university.writes_somewhere))
    register_upload(UploadKind(university.PACKAGE, _("Course packages"), ("zip",), university.writes_somewhere))
    register_public(PublicItem("courses", _("Courses"), "courses:list", 11, under="/courses/"))
    register_item(
        NavItem(
            "university", _("Courses"), "list-details", "university:courses", "work", 30,
            roles=OVERSIGHT | {Role.TEACHER}, count=shares_to_answer,
        )
    )  # fmt: skip
    register_work(
        WorkSource(
            "course_shares", _("Courses other schools offer yours"), _("Look at each and say yes or no."), "arrows-exchange",
            frozenset({Role.TEACHER}), shares_to_answer, "/university/shares/", query="?state=asked", position=76,
        )
    )  # fmt: skip
    register_search(SearchSource("courses", _("Courses"), "book", desk.find_courses, position=27))


def _founding() -> None:
    """How the university comes to be, what counts, and who is told when a school closes."""
    procedures.register(FOUNDING)
    counting_rules.register(FOUNDED_UNIVERSITY, FoundedUniversity())
    tell_rule(FOUNDED_UNIVERSITY, FOUNDED_IN_WORDS)
    register_opener(FOUNDING_EVIDENCE_KIND, open_founding)
    school_changed.plug(recount_schools)
    register_work(
        WorkSource(
            "university_ends", _("Ends of universities to confirm"),
            _("Proposed by a colleague: a second person confirms or dismisses."), "user-check", frozenset({Role.APPROVER}),
            ends_to_confirm, "/university/founding/", position=70,
        )
    )  # fmt: skip


def _studios() -> None:
    """Craftsman studios: their procedures and plaque, what a course of the university proves, and what follows a revocation."""
    procedures.register(STUDIO_FOUNDING)
    procedures.register(STUDIO_EVALUATION)
    register_issued_kind(studio_plaque())
    craftsman_revoked.plug(suspend_led_by)
    plan_changed.plug(bring_studio_rubric)
    plug_fact("course", published_title)
    file_policies.register(studios.EVIDENCE, studios.can_read_evidence)
    file_policies.register(studios.PHOTO, studios.can_read_photo)
    register_public(PublicItem("footer_studios", _("Craftsman studios"), "studios:list", 15, in_footer=True))
    register_item(
        NavItem(
            "studios", _("Craftsman studios"), "building-factory-2", "studio_files:list", "work", 48,
            roles=OVERSIGHT | {Role.HR, Role.BASE_MANAGER},
        )
    )  # fmt: skip
    register_work(
        WorkSource(
            "studio_acts", _("Acts on studios to confirm"), _("Proposed by a colleague: a second person confirms or dismisses."),
            "user-check", frozenset({Role.APPROVER}), studio_turns.acts_to_confirm, "/craftsmen/studios/acts/", position=67,
        ),
        WorkSource(
            "studios_leaderless", _("Studios that lost their leader"), _("Propose another craftsman, or the un-naming."),
            "alert-triangle", frozenset(studios.OFFICE_KEEPERS), studio_turns.without_leader, "/craftsmen/studios/",
            query="?waits=leader", position=21,
        ),
        WorkSource(
            "studio_remedies", _("Studios that remedy"), _("Check what was put right once they are done, or the days are over."),
            "checklist", frozenset({Role.CLERK, Role.REVIEWER}), studio_turns.remedies_over, "/craftsmen/studios/",
            query="?waits=remedy", position=69,
        ),
        WorkSource(
            "studio_invitations", _("Studios that ask you to join"), _("Say yes or no, and whether your name may be shown."),
            "mail", EVERYONE, studio_turns.to_answer, "/craftsmen/studios/", position=20,
        ),
        WorkSource(
            "studio_results", _("Results of studios to confirm"), _("A colleague entered them: look at the proof."),
            "checklist", frozenset({Role.HR, Role.BASE_MANAGER}), studio_turns.results_to_confirm, "/craftsmen/studios/",
            position=79,
        ),
    )  # fmt: skip


def _teaching() -> None:
    """Teaching standards, and who tells what is taught of them."""
    register_coverage("courses", CourseCoverage())
    register_item(
        NavItem("standards", _("Teaching standards"), "checklist", "teaching:list", "work", 61, roles=OVERSIGHT | {Role.TEACHER})
    )


def _learning() -> None:
    """Learning: what follows when time was counted, and who reads what."""
    time_folded.plug(fold_into_progress)
    hours_corrected.plug(correct_progress)
    university.plug_learner_sight(learns_version)
    plug_course_panel(open_runs, position=10, public=True)
    plug_programme_panel(programme_runs)
    procedures.register(COURSE_SELECTION)
    plug_sight("handling", applications_handled)
    register_pulse(FOUNDED_UNIVERSITY, university_pulse)
    file_policies.register(SUBMITTED, can_read_work)
    register_context(LEARNING_CONTEXT, enrolment_context())
    register_activity(LEARNING_ACTIVITY, unit_activity())
    register_rule("learning.practical", _("signed by an instructor, step by step"))
    register_rule("learning.attendance", _("attendance, confirmed by the teacher"))
    plug_hours_sight(employers_sight)
    sheet_kinds.register(EnrolmentSheet())
    register_item(
        NavItem("learn", _("Learning"), "book", "learning:home", position=12, on_phone=True),
        NavItem(
            "classes", _("Classes"), "school", "classes:list", "work", 31, roles=OFFICE_ROLES | {Role.TEACHER},
            count=learning.to_mark,
        ),
        NavItem("team", _("My team’s learning"), "users-group", "team:list", "work", 32, roles=frozenset({Role.HR})),
    )  # fmt: skip
    register_work(
        WorkSource(
            "marking", _("Work to mark"), _("What waits longest stands first; the learner waits for your word."), "pencil",
            frozenset({Role.TEACHER}), learning.to_mark, "/classes/marking/", position=12,
        ),
        WorkSource(
            "seat_applications", _("Applications for a seat in a class"),
            _("One of the school looks each through, another chooses within the seats."), "clipboard-list",
            frozenset({Role.TEACHER}), seat_applications_waiting, "/classes/", query="?waits=selection", position=13,
        ),
        WorkSource(
            "questions", _("Questions of learners"), _("Nobody has answered these yet."), "message",
            frozenset({Role.TEACHER}), learning.questions_open, "/classes/questions/", position=14,
        ),
    )  # fmt: skip


def _media() -> None:
    """Who may read what is made of a film or a paper: whoever may read that."""
    file_policies.register(MEDIA_OUTPUT, can_read_output, personal=False)
    upload_arrived.plug(finish_in_background)


def _hours() -> None:
    """Learning time: whose hours stand where, what the office looks into, and who reads the papers behind corrections."""
    file_policies.register(FIX_FILE, can_read_fix_file)
    register_panel("hours", hours_panel, position=40)
    register_item(
        NavItem("my_hours", _("My learning time"), "clock", "hours:own", position=28),
        NavItem("hours", _("Learning time"), "clock", "hours:findings", "work", 49, roles=OFFICE_ROLES, count=hours_waiting),
        NavItem("hour_fixes", _("Corrections of hours"), "clock", "hours:fixes", "work", 49, roles=frozenset({Role.TEACHER})),
    )
    register_work(
        WorkSource(
            "hour_findings", _("Learning time that looks doubtful"), _("Clear it with a reason, or propose to uphold it."),
            "clock", frozenset(JUDGES), findings_to_judge, "/hours/findings/", query="?state=open", position=62,
        ),
        WorkSource(
            "hour_fixes", _("Corrections of hours to confirm"), _("Asked by a colleague: a second person confirms or refuses."),
            "user-check", frozenset({*JUDGES, Role.TEACHER}), fixes_to_answer, "/hours/corrections/", query="?state=asked",
            position=64,
        ),
    )  # fmt: skip


def _hiding() -> None:
    """What the audit keeps from whoever is in conflict with a case: all that belongs to it."""
    plug_hiding(
        hidden_subjects,
        Belonging(Case, "public_id"),
        Belonging(Snapshot, "case__public_id"),
        Belonging(CheckResult, "case__public_id"),
        Belonging(Attachment, "case__public_id"),
        Belonging(Attachment, "case__public_id", "file"),
        Belonging(BaseApplication, "case__public_id"),
        Belonging(FoundingApplication, "case__public_id"),
        Belonging(SeatApplication, "case__public_id"),
        Belonging(University, "case__public_id"),
        Belonging(StudioApplication, "case__public_id"),
        Belonging(Studio, "case__public_id"),
        Belonging(StudioEvaluation, "case__public_id"),
        Belonging(Base, "case__public_id"),
        Belonging(Nomination, "case__public_id"),
        Belonging(Craftsman, "case__public_id"),
        Belonging(BenefitApplication, "case__public_id"),
        Belonging(BenefitOutcome, "application__case__public_id"),
        Belonging(Candidacy, "craftsman__case__public_id"),
        Belonging(CandidateFile, "candidacy__craftsman__case__public_id"),
        Belonging(CandidacyOutcome, "candidacy__craftsman__case__public_id"),
        Belonging(Profile, "craftsman__case__public_id"),
        Belonging(Work, "profile__craftsman__case__public_id"),
        Belonging(Film, "profile__craftsman__case__public_id"),
        Belonging(Panel, "subject_id"),
        Belonging(Assignment, "panel__subject_id"),
        Belonging(Conflict, "panel__subject_id"),
        Belonging(Score, "assignment__panel__subject_id"),
        Belonging(Tally, "panel__subject_id"),
        Belonging(SiteVisit, "panel__subject_id"),
        Belonging(VisitPhoto, "visit__panel__subject_id"),
        Belonging(VisitPhoto, "visit__panel__subject_id", "file"),
        Belonging(Ranking, "panels__subject_id"),
        Belonging(Meeting, "items__subject_id"),
        Belonging(Item, "subject_id"),
        Belonging(Ballot, "item__subject_id"),
        Belonging(Vote, "ballot__item__subject_id"),
        Belonging(Recusal, "item__subject_id"),
        Belonging(Member, "meeting__items__subject_id"),
        Belonging(Presence, "member__meeting__items__subject_id"),
        Belonging(Addendum, "meeting__items__subject_id"),
        Belonging(InterviewDay, "slots__subject_id"),
        Belonging(Slot, "subject_id"),
        Belonging(Notice, "items__subject_id"),
        Belonging(NoticeItem, "subject_id"),
        Belonging(Objection, "notice__items__subject_id"),
        Belonging(ObjectionOriginal, "objection__notice__items__subject_id"),
        Belonging(ObjectionNote, "objection__notice__items__subject_id"),
        Belonging(ObjectionFile, "objection__notice__items__subject_id", "file"),
        Belonging(SigningRequest, "subject_id"),
        Belonging(Signature, "signer__request__subject_id"),
        Belonging(Refusal, "signer__request__subject_id"),
    )


def _commands() -> None:
    """What is seen to before the operator's command does its work, and after."""
    command_starts.plug(before_command)
    command_ends.plug(seal_after_command)


def _notices() -> None:
    """Public notices: their ends follow the calendar, and files of objections are for who handles them."""
    calendar_changed.plug(fix_open_ends)
    calendar_changed.plug(fix_answer_days)
    file_policies.register(OBJECTION_FILE, can_read_objection_file)
    register_public(PublicItem("notices", _("Notices"), "notices:list", 15))
    register_item(
        NavItem("notices", _("Public notices"), "speakerphone", "notices:list", "work", 42, roles=OVERSIGHT),
        NavItem(
            "objections", _("Objections"), "message-report", "notices:objections", "work", 43, roles=HANDLERS,
            count=count_open_objections,
        ),
    )  # fmt: skip
    register_work(
        WorkSource(
            "objections", _("Objections to rule on"), _("Look into each and rule with reasons; its name does not pass before."),
            "message-report", HANDLERS, count_open_objections, "notices:objections", position=5,
        )
    )  # fmt: skip


def _calendar() -> None:
    """Working days, as the State Council arranges them."""
    register_item(NavItem("calendar", _("Working days"), "calendar", "calendar:year", "system", 65, roles=OFFICE_ROLES))


def _bases() -> None:
    """Training bases: their procedures, what counts, and what the platform itself knows of their yearly appraisal."""
    procedures.register(ACCREDITATION)
    procedures.register(RENEWAL)
    counting_rules.register(ACCREDITED_BASES, AccreditedBases())
    tell_rule(ACCREDITED_BASES, ACCREDITED_IN_WORDS)
    register_opener(BASE_EVIDENCE_KIND, open_accreditation)
    for indicator, provider in own_providers().items():
        register_provider(indicator, provider)
    calendar_changed.plug(fix_remedy_ends)
    plan_changed.plug(bring_rubric)
    file_policies.register(BASE_EVIDENCE, can_read_evidence)
    keepers = frozenset({Role.CLERK, Role.REVIEWER, Role.APPROVER})
    register_item(
        NavItem(
            "bases", _("Training bases"), "building-community", "bases:list", "work", 44,
            roles=OVERSIGHT | {Role.BASE_MANAGER}, count=acts_to_confirm,
        ),
        NavItem(
            "appraisals", _("Yearly appraisal"), "checklist", "bases:appraisals", "work", 45,
            roles=OFFICE_ROLES | {Role.BASE_MANAGER}, count=appraisals_to_do,
        ),
    )  # fmt: skip
    register_work(
        WorkSource(
            "base_acts", _("Acts on bases to confirm"), _("Proposed by a colleague: a second person confirms or dismisses."),
            "user-check", frozenset({Role.APPROVER}), acts_to_confirm, "/bases/acts/", position=66,
        ),
        WorkSource(
            "appraisals", _("Yearly appraisals whose turn is yours"), _("Enter, grade, confirm, or check the remedies."),
            "checklist", keepers | {Role.BASE_MANAGER}, appraisals_to_do, "/bases/appraisals/", position=68,
        ),
    )  # fmt: skip
    register_search(SearchSource("bases", _("Training bases"), "building-community", desk.find_bases, position=25))


def _levels_as_facts(person_ids: Collection[int], _on: dt.date) -> dict[int, list[KnownFact]]:
    """Level certificates of the register, told to the craftsmen's room."""
    return {
        pk: [KnownFact(each.name, BY_CODE[each.level].name, f"{each.issued_on} · {ProofGrade(each.proof).label}") for each in held]
        for pk, held in levels_of(person_ids).items()
    }


def _craftsmen() -> None:
    """Craftsmen: how they are nominated and named, what counts, and who opens it."""
    procedures.register(CRAFTSMAN)
    counting_rules.register(NAMED_CRAFTSMEN, NamedCraftsmen())
    tell_rule(NAMED_CRAFTSMEN, NAMED_IN_WORDS)
    register_opener(NAMING_EVIDENCE_KIND, open_naming)
    register_issued_kind(certificate_kind())
    register_paper()
    register_facts("levels", _levels_as_facts, position=20)
    plan_changed.plug(bring_craftsmen_rubric)
    file_policies.register(craftsmen.EVIDENCE, craftsmen.can_read_evidence)
    file_policies.register(craftsmen.ORDER_FILE, craftsmen.can_read_order)
    register_item(
        NavItem(
            "craftsmen", _("Craftsmen"), "award", "craftsmen:list", "work", 46,
            roles=OVERSIGHT | {Role.HR},
        )
    )  # fmt: skip
    register_work(
        WorkSource(
            "craftsman_acts", _("Acts on titles to confirm"), _("Proposed by a colleague: a second person confirms or dismisses."),
            "user-check", frozenset({Role.APPROVER}), craftsman_acts, "/craftsmen/acts/", position=67,
        ),
        WorkSource(
            "medals", _("Medals to get back"), _("The title was revoked; note when the medal is given back."),
            "award", frozenset({Role.CLERK, Role.REVIEWER}), medals_to_get_back, "/craftsmen/", query="?state=revoked", position=78,
        ),
    )  # fmt: skip


def _benefits() -> None:
    """What a craftsman's title may bring: reckoned, applied for, and looked at again when the title is gone."""
    procedures.register(BENEFIT_PROCEDURE)
    plug_levels(level_papers)
    craftsman_revoked.plug(benefits_of_revoked)
    plug_craftsman_panel("benefits", benefits_panel, position=70)
    register_item(NavItem("benefits", _("Benefits"), "certificate", "benefits:list", "work", 47, roles=OFFICE_ROLES))
    register_work(
        WorkSource(
            "benefit_outcomes", _("Outcomes of benefits to confirm"),
            _("Entered by a colleague: a second person confirms or dismisses."),
            "user-check", frozenset({Role.APPROVER}), benefit_outcomes, "/craftsmen/benefits/", position=71,
        ),
        WorkSource(
            "benefit_reviews", _("Benefits of revoked titles"), _("Tell the authority, and note how."),
            "mail", frozenset({Role.CLERK, Role.REVIEWER}), benefits_to_review, "/craftsmen/benefits/", query="?review=due",
            position=79,
        ),
    )  # fmt: skip


def _lane() -> None:
    """Craftsmen put forward to the city's selections: their files, and what a revocation means for them."""
    craftsman_revoked.plug(candidacies_of_revoked)
    plug_craftsman_panel("candidacies", candidacies_panel, position=60)
    file_policies.register(LANE_FILE, can_read_lane_file)
    register_item(NavItem("lane", _("Fast lane"), "send", "lane:list", "work", 47, roles=OFFICE_ROLES))
    register_work(
        WorkSource(
            "lane_outcomes", _("Outcomes of candidacies to confirm"),
            _("Entered by a colleague: a second person confirms or dismisses."),
            "user-check", frozenset({Role.APPROVER}), lane_outcomes, "/craftsmen/lane/", query="?state=handed_over", position=71,
        ),
        WorkSource(
            "lane_told", _("Candidates whose title was revoked"), _("Tell whoever has the file, and note how."),
            "mail", frozenset({Role.CLERK, Role.REVIEWER}), candidacies_to_tell, "/craftsmen/lane/", query="?told_due=true",
            position=79,
        ),
    )  # fmt: skip


def _mentors() -> None:
    """Craftsmen as special mentors: which bodies are bases, what ends with a title, and what became of learners."""
    register_places("bases", lambda on: Base.objects.accredited(on).select_related("organisation", "plan"))
    register_learners_levels("certificates", learners_levels)
    appointment_ended.plug(appointment_over)
    craftsman_revoked.plug(end_with_title)
    plug_craftsman_panel("mentors", craftsman_panel, position=20)
    register_panel("mentor_duties", person_panel, position=25)
    register_item(
        NavItem(
            "mentors", _("Special mentors"), "user-check", "craftsmen_mentors:list", "work", 47,
            roles=OVERSIGHT | {Role.HR, Role.BASE_MANAGER},
        )
    )  # fmt: skip
    register_work(
        WorkSource(
            "mentorships", _("Mentorships that wait for your word"), _("Say whether it is so; it is in force once both have."),
            "users", EVERYONE, signatures.mentorships_to_answer, "/signatures/mentorships/mine/", position=9,
        ),
        WorkSource(
            "mentor_duties", _("Appointments that ask for you"), _("A base would like you as special mentor: say yes or no."),
            "user-check", EVERYONE, mentors.duties_to_answer, "/craftsmen/mentors/", query="?standing=proposed", position=10,
        ),
        WorkSource(
            "mentor_sessions", _("Sessions to confirm"), _("Entered by the other side; hours count once you confirm."),
            "clock", EVERYONE, mentors.sessions_to_confirm, "/craftsmen/mentors/sessions/", position=11,
        ),
        WorkSource(
            "mentor_decisions", _("Special mentors to confirm"), _("The craftsman has accepted: a second person confirms."),
            "user-check", frozenset({Role.APPROVER}), mentors.duties_to_decide, "/craftsmen/mentors/", query="?standing=accepted",
            position=69,
        ),
        WorkSource(
            "learners_without", _("Learners without a mentor"), _("Their mentor’s appointment ended: name another by the day due."),
            "users", frozenset({Role.CLERK, Role.REVIEWER, Role.HR, Role.BASE_MANAGER}), mentors.learners_without_mentor,
            "/craftsmen/mentors/learners/", position=70,
        ),
    )  # fmt: skip


def _hall() -> None:
    """The hall of fame: what a craftsman publishes, who reads its files, and what other rooms know for it."""
    craftsman_named.plug(begin_page)
    register_card()
    register_levels("certificates", levels_reached)
    file_policies.register(hall.PICTURE, hall.can_read_picture, personal=False)
    file_policies.register(hall.FILM, hall.can_read_film, personal=False)
    file_policies.register(hall.CAPTIONS, hall.can_read_film, personal=False)
    register_upload(
        UploadKind(hall.PICTURE, _("Pictures of craftsmen’s pages"), HALL_PICTURES, hall.is_craftsman, 50 * 1024 * 1024)
    )
    register_upload(UploadKind(hall.FILM, _("Films of craftsmen"), ("mp4", "webm"), hall.is_craftsman, 2 * GIGABYTE))
    register_upload(UploadKind(hall.CAPTIONS, _("Captions of craftsmen’s films"), ("vtt",), hall.is_craftsman, 1024 * 1024))
    plug_craftsman_panel("hall", page_panel, position=10)
    register_recognitions("studios", studios_founded)
    plug_public_page(shown_page)
    register_beside("hall", name_in_tree)
    register_public(
        PublicItem("craftsmen", pgettext_lazy("navigation", "Craftsmen"), "hall:list", 13, under=("/hall/", "/studios/"))
    )


def studios_founded(craftsmen: Sequence[Craftsman]) -> dict[int, list[Recognition]]:
    """Studios of craftsmen, as their pages tell of them."""
    found: dict[int, list[Recognition]] = {}
    for studio in Studio.objects.in_force().filter(leader__in=craftsmen).select_related("organisation"):
        address = reverse("studios:studio", args=[studio.public_id])
        found.setdefault(studio.leader_id, []).append(Recognition(studio.named_on, studio.name, studio.organisation.name, address))
    return found


def levels_reached(person_ids: Collection[int]) -> dict[int, list[LevelReached]]:
    """Levels by the register of certificates, as the hall asks for them."""
    return {pk: [LevelReached(held.issued_on, held.level) for held in levels] for pk, levels in levels_of(person_ids).items()}


def _cases() -> None:
    """What the engines below do for a case, and what they tell it."""
    plug_stage(StageKind.CONSENT, Consenting())
    plug_stage(StageKind.REVIEW, Reviewing())
    plug_stage(StageKind.NOTICE, Noticing())
    plug_stage(StageKind.COSIGN, Cosigning())
    register_review_subject(SUBJECT_KIND, ReviewedCases())
    register_notice_subject(SUBJECT_KIND, notice_subject())
    register_signing(SUBJECT_KIND, signing_subject())
    register_labels(SIGNED_LABELS)
    plug_sight("conflicts", in_conflict)
    plug_sight("judging", judged_by)
    plug_sight("signing", signed_about)
    result_changed.plug(look_again)
    calendar_changed.plug(recount_deadlines)
    file_policies.register(CASE_FILE, can_read_attachment)
    register_upload(UploadKind(CASE_FILE, _("Files of applications"), LARGE_FILES, can_hand_in_large, LARGE_LIMIT))
    upload_finished.plug(take_in)
    _cases_pages()


def _cases_pages() -> None:
    """Where applications stand in the navigation, on the desk and in the search."""
    applicants = frozenset({Role.HR, Role.BASE_MANAGER})
    register_public(PublicItem("calls", _("Calls"), "cases:calls", 25, under="/cases/calls/"))
    register_item(
        NavItem("cases", _("Cases"), "list-check", "cases:worklist", position=15, roles=OVERSIGHT),
        NavItem(
            "applications", _("My applications"), "folder-open", "cases:worklist", position=16, roles=applicants, on_phone=True
        ),
        NavItem("rounds", _("Calls for applications"), "speakerphone", "cases:rounds", "work", 15, roles=OFFICE_ROLES),
        NavItem("own_applications", _("My applications"), "folder-open", "cases:mine", "own", 10, frozenset(), personal=True),
        NavItem("own_consents", _("Put forward by others"), "user-check", "cases:consents", "own", 15, frozenset(), personal=True),
    )
    register_work(
        WorkSource(
            "cases", _("Cases that wait for me"), _("Look at each: check it, send it back or decide."), "list-check",
            KEEPERS | {Role.APPROVER}, desk.cases_waiting, "/cases/", position=5,
        ),
        WorkSource(
            "applications", _("Applications to finish"), _("Drafts, and what the office asks to be corrected."), "folder-open",
            EVERYONE, desk.applications_waiting, "/cases/mine/", position=8,
        ),
        WorkSource(
            "consents", _("Your consent is asked for"), _("Read what was submitted, then agree, ask for changes or decline."),
            "user-check", EVERYONE, desk.consents_waiting, "/cases/consents/", position=7,
        ),
    )  # fmt: skip
    register_search(SearchSource("cases", _("Cases"), "list-check", desk.find_cases, position=25))
