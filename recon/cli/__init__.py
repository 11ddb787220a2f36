"""The `recon` command: a thin layer over flow, the one place that prints.

People read stderr. With `--json`, stdout carries exactly one JSON document, whatever happens.
"""

from recon.cli.running import main, run

__all__ = ["main", "run"]
