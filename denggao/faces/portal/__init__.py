"""The public site: verify a certificate, counting rules, privacy, help."""
