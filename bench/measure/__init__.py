"""What the measuring scripts share: companies of a size, and commands run with a watch on them."""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
