"""Forms of reviews. They read; what may be is decided by actions."""
