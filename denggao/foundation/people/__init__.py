"""Persons, identity documents, sign-in flows, consent."""
