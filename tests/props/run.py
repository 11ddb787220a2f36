"""Tell more stories than the tests do: python -m tests.props.run --times 20 --seed 3

Without --shrink a bad story is shown as it was found, at once.
"""

from __future__ import annotations

import argparse
import sys
import time

from hypothesis import Phase

from tests.props.stories import check
from tests.props.story import Ended

EACH = 6


def main() -> int:
    """Tell stories, seed by seed; 1 where one is bad."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--times", type=int, default=20)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--shrink", action="store_true")
    asked = parser.parse_args()
    phases = (Phase.generate, Phase.shrink) if asked.shrink else (Phase.generate,)
    bad = 0
    for number in range(asked.times):
        try:
            check(asked.seed * 1000 + number, EACH, phases, _said)
        except AssertionError as error:
            bad += 1
            print(*getattr(error, "__notes__", ()), sep="\n", flush=True)
    return int(bad > 0)


def _said(ended: Ended) -> None:
    print(time.strftime("%H:%M:%S"), ended, flush=True)


if __name__ == "__main__":
    sys.exit(main())
