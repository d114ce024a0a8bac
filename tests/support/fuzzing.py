"""How many cases are drawn for each route or operation.

Few by default, because every change waits for them. `FUZZ_CASES=1000 make test ARGS="-k fuzz"` for more.
"""

import os

CASES = int(os.environ.get("FUZZ_CASES", "6"))
