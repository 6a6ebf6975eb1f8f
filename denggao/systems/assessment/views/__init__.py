"""Pages of the certificates: lists, one certificate, and what the office does to it."""
