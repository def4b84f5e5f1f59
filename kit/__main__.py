"""`python -m kit` is the command `kit`."""

from kit.cli.main import main

main()
