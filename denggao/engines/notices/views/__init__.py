"""Pages of public notices: what everybody sees, what the office does, and objections."""
