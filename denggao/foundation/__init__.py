"""The ground floor: who and what exists, and how anything is written, stored, shown and told."""
