"""What is spoken over HTTP: the control socket, later dashboard, API and metrics."""
