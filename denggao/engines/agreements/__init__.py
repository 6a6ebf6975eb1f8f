"""Signatures: who, for which body, over which hash, with which second factor, when; mentorships."""
