"""`python -m bench.churn`."""

import sys

from .measure import main

sys.exit(main())
