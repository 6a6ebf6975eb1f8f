"""Background and scheduled work: attempts, leases, sweeper, progress."""
