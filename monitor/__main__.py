"""`python -m monitor`: the same as the command `monitor`."""

from monitor.cli import main

main()
