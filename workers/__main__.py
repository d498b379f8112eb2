"""`python -m workers`: one worker process."""

import uvloop

from workers.shift import main

uvloop.run(main())
