"""The command line as a module: what the service starts for a training run."""

from api.cli import main

main()
