"""The parts of an explanation: its steps by station of the way, and what a feed lists now."""
