"""`python -m sovinto.cli`"""

from sovinto.cli import main

raise SystemExit(main())
