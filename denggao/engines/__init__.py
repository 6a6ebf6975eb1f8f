"""The engines: how anything is decided, taught, proven, counted, paid. No system's name appears here."""
