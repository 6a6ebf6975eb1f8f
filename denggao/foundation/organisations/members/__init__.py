"""Who may act for a body or for the office: memberships, invitations, and what the office does with an account."""
