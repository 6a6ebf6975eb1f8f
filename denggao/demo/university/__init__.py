"""The demo's online university: its courses as text (``courses``), their files (made by ``tools/courses``), its teaching standards."""
