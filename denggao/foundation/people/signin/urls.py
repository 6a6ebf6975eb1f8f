"""Addresses under /account/. The names are allauth's where allauth looks one up, ours elsewhere."""

from __future__ import annotations

from django.urls import URLPattern, path

from denggao.foundation.people.signin.views import entrance, factor, own

urlpatterns: list[URLPattern] = [
    path("", own.home, name="account_home"),
    path("login/", entrance.sign_in, name="account_login"),
    path("login/code/", entrance.second_factor, name="mfa_authenticate"),
    path("login/cancel/", entrance.cancel_sign_in, name="account_cancel_login"),
    path("logout/", entrance.sign_out, name="account_logout"),
    path("confirm/", entrance.reauthenticate, name="account_reauthenticate"),
    path("password/", own.password, name="account_change_password"),
    path("password/forgotten/", entrance.forgotten, name="account_reset_password"),
    path("password/forgotten/sent/", entrance.forgotten_sent, name="account_reset_password_sent"),
    path("password/new/", entrance.reset_password, name="account_reset_password_new"),
    path("password/new/<uuid:public_id>/<str:token>/", entrance.reset_link, name="account_reset_password_link"),
    path("language/", own.language, name="account_language"),
    path("email/", own.email, name="account_email"),
    path("email/<str:token>/", own.email_proof, name="account_email_proof"),
    path("phone/", own.phone, name="account_phone"),
    path("sessions/", own.sessions, name="account_sessions"),
    path("sessions/end/", own.end_other_sessions, name="account_end_other_sessions"),
    path("sessions/<int:number>/end/", own.end_session, name="account_end_session"),
    path("second-factor/", factor.set_up, name="account_set_up_factor"),
    path("second-factor/codes/", factor.codes, name="account_recovery_codes"),
    path("second-factor/codes/new/", factor.new_codes, name="account_new_recovery_codes"),
    path("second-factor/remove/", factor.remove, name="account_remove_factor"),
]
