"""The auditor's pages: what was done, by whom, before and after, and the proof that nobody has touched it since."""
