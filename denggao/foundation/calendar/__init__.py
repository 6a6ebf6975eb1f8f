"""Chinese working days, as the State Council arranges them year by year; editable."""
