"""The door (``entrance``), one's own account (``own``) and its second factor (``factor``)."""
