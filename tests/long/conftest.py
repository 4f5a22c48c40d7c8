"""Long tests, run by `make test-long`: they use what the short ones use."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))
