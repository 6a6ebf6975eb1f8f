"""Signing in: by e-mail address or phone with password, second factor, sessions, lock-out; and one's own account."""
