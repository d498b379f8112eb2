"""`python -m workers`: one worker process."""

import os

import uvloop

from workers.shift import YIELDS, main

os.nice(YIELDS)
uvloop.run(main())
