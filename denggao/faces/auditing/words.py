"""What people call the codes that stand in records: actions, objects, actors. A code without a word is shown as it is."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

ACTIONS: dict[str, Any] = {
    "accounts.add_second_factor": _("Second step set up"),
    "accounts.change_email": _("E-mail address changed"),
    "accounts.change_phone": _("Sign-in phone changed"),
    "accounts.choose_language": _("Language chosen"),
    "accounts.close_account": _("Account closed"),
    "accounts.end_sessions": _("Sessions ended"),
    "accounts.open_account": _("Account opened"),
    "accounts.open_account_again": _("Account opened again"),
    "accounts.remove_second_factor": _("Second step removed"),
    "accounts.renew_administrator": _("Administrator renewed"),
    "accounts.renew_recovery_codes": _("Recovery codes renewed"),
    "accounts.set_password": _("Password set"),
    "accounts.sign_in": _("Signed in"),
    "accounts.sign_in_refused": _("Sign-in refused"),
    "accounts.sign_out": _("Signed out"),
    "accounts.take_off_second_factor": _("Second step taken off"),
    "api.token.use": _("API token used"),
    "api.token.issue": _("API token issued"),
    "api.token.revoke": _("API token revoked"),
    "assessment.certificate.confirm_number": _("Certificate number confirmed"),
    "assessment.certificate.enter": _("Certificate entered"),
    "assessment.certificate.register": _("Certificate registered"),
    "assessment.certificate.resolve_again": _("Certificate’s occupation resolved again"),
    "assessment.certificate.set_occupation": _("Certificate’s occupation set"),
    "audit.personal.erase": _("Personal values erased from the audit"),
    "audit.reading": _("Personal data read"),
    "audit.record.unmask": _("Personal values of a record shown"),
    "credentials.certificate.assign": _("Certificate given to a person"),
    "credentials.certificate.confirm": _("Certificate confirmed"),
    "credentials.certificate.document": _("Certificate documented"),
    "credentials.certificate.join": _("Certificate joined its person"),
    "credentials.certificate.part": _("Certificate parted from a person"),
    "credentials.certificate.read_whole": _("Whole certificate number read"),
    "credentials.certificate.withdraw": _("Certificate withdrawn"),
    "credentials.scan.compare": _("Scan compared"),
    "credentials.scan.hand_in": _("Scan handed in"),
    "demo.link_bodies": _("Demo bodies linked"),
    "demo.make_accounts": _("Demo accounts made"),
    "demo.mark": _("Demo region marked"),
    "files.file.erase": _("File erased"),
    "files.file.store": _("File stored"),
    "jobs.job.cancel": _("Background work cancelled"),
    "jobs.job.retry": _("Background work tried again"),
    "ledger.count": _("Head counted"),
    "ledger.rebuild": _("Ledger rebuilt"),
    "ledger.rebuild_rollups": _("Ledger’s sums rebuilt"),
    "ledger.reverse": _("Count reversed"),
    "messages.preference.set": _("Message preference set"),
    "organisations.accept_invitation": _("Invitation accepted"),
    "organisations.begin_membership": _("Role given"),
    "organisations.create_administrator": _("Administrator created"),
    "organisations.employment.add": _("Employment added"),
    "organisations.employment.change_post": _("Post changed"),
    "organisations.employment.join": _("Employment begun"),
    "organisations.employment.leave": _("Employment ended"),
    "organisations.employment.state": _("Employment stated by a list"),
    "organisations.employment.withdraw_leaving": _("Leaving taken back"),
    "organisations.end_membership": _("Role ended"),
    "organisations.invite_account": _("Account invited"),
    "organisations.link.add": _("Supply link added"),
    "organisations.link.remove": _("Supply link removed"),
    "organisations.organisation.state": _("Organisation entered or changed"),
    "organisations.overlap.explain": _("Overlap explained"),
    "organisations.overlap.find": _("Overlap found"),
    "organisations.overlap.resolve": _("Overlap resolved"),
    "organisations.resend_invitation": _("Invitation sent again"),
    "organisations.withdraw_invitation": _("Invitation withdrawn"),
    "people.document.add": _("Identity document added"),
    "people.document.unmask": _("Identity number shown"),
    "people.name_conflict.find": _("Contradicting names found"),
    "people.name_conflict.rule": _("Contradicting names ruled"),
    "people.person.correct": _("Person corrected"),
    "people.person.create": _("Person entered"),
    "people.person.look_up": _("Person looked up by number"),
    "plans.load": _("Plan loaded"),
    "plans.participation.add": _("Part in a plan added"),
    "plans.participation.change": _("Part in a plan changed"),
    "plans.participation.remove": _("Part in a plan removed"),
    "plans.participation.set": _("Part in a plan set"),
    "sheets.import.apply": _("Import applied"),
    "sheets.import.begin_check": _("Import’s check begun"),
    "sheets.import.cancel": _("Import cancelled"),
    "sheets.import.check": _("Import checked"),
    "sheets.import.fail": _("Import failed"),
    "sheets.import.give_back": _("Workbook handed back"),
    "sheets.import.hand_in": _("Sheet handed in"),
    "sheets.import.map": _("Columns assigned"),
    "sheets.import.purge": _("Import’s cells removed"),
    "sheets.import.recheck": _("Import checked again"),
    "sheets.import.replay": _("Held row taken up again"),
    "sheets.import.stage": _("Import staged"),
    "sheets.import.start_apply": _("Import’s rows being applied"),
    "sheets.import.take": _("Import taken"),
    "standards.job_title.add": _("Job title added"),
    "standards.job_title.remove": _("Job title removed"),
    "standards.move.add": _("Occupation move added"),
    "standards.move.remove": _("Occupation move removed"),
    "standards.occupation_name.list": _("Occupation name listed for mapping"),
    "standards.occupation_name.map": _("Occupation name mapped"),
    "standards.occupation_name.unmap": _("Occupation name unmapped"),
}

OBJECTS: dict[str, Any] = {
    "accounts.user": _("Account"),
    "api.apitoken": _("API token"),
    "assessment.levelcertificate": _("Skill-level certificate"),
    "audit.record": _("Audit record"),
    "credentials.credential": _("Certificate"),
    "credentials.scan": _("Scan"),
    "denggao_messages.messagepreference": _("Message preference"),
    "files.storedfile": _("File"),
    "jobs.job": _("Background work"),
    "ledger.entry": _("Ledger entry"),
    "organisations.employment": _("Employment"),
    "organisations.employmentoverlap": _("Overlap"),
    "organisations.invitation": _("Invitation"),
    "organisations.membership": _("Membership"),
    "organisations.organisation": _("Organisation"),
    "organisations.organisationlink": _("Supply link"),
    "people.identitydocument": _("Identity document"),
    "people.nameconflict": _("Contradicting names"),
    "people.person": _("Person"),
    "plans.participation": _("Part in a plan"),
    "plans.plan": _("Plan"),
    "sheets.import": _("Import"),
    "sheets.importrow": _("Row of an import"),
    "standards.jobtitle": _("Job title"),
    "standards.occupation": _("Occupation"),
    "standards.occupationmove": _("Occupation move"),
    "standards.occupationname": _("Occupation name"),
}

ACTORS: dict[str, Any] = {
    "account": _("Account"),
    "operator": _("Machine’s operator"),
    "system": _("The platform itself"),
    "token": _("API token"),
    "visitor": _("Visitor"),
}

ORIGINS: dict[str, Any] = {
    "web": _("web"),
    "command": _("command"),
    "job": _("background work"),
    "api": _("API"),
}


def action_label(code: str) -> str:
    return str(ACTIONS.get(code, code))


def object_label(object_type: str) -> str:
    return str(OBJECTS.get(object_type, object_type))


def actor_label(kind: str, text: str) -> str:
    """An account that is gone, or a token, is told by its text; the others have one name each."""
    if kind in {"account", "token"}:
        return text.replace("account", str(ACTORS["account"]), 1) if text.startswith("account ") else text
    return str(ACTORS.get(kind, text))


def origin_label(origin: str) -> str:
    """``web:127.0.0.1`` with its first part in words."""
    kind, colon, rest = origin.partition(":")
    return f"{ORIGINS[kind]}{colon and ' · '}{rest}" if kind in ORIGINS else origin
