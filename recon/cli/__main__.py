"""`python -m recon.cli` is the `recon` command."""

from recon.cli.running import main

main()
