"""In-app and e-mail messages, reminders."""
