"""Number, holder, issuer, dates, status, proof: register, withdraw, verify."""
