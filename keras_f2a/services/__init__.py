"""What runs for days: the HTTP service, the watched folder, and the processes both correct in."""
