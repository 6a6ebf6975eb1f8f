"""The demo’s online university: courses as text (``courses``), files (made by ``tools/courses``), teaching standards."""
