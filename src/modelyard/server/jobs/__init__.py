"""Progress, results and cancelling of background work, as people see it."""
