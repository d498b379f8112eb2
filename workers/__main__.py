"""`python -m workers`: one worker process."""

import os

import uvloop

from workers.shift import main

YIELDS = 5
"""Where people's requests and background work want the same processor, people come first (a third of the weight)."""

os.nice(YIELDS)
uvloop.run(main())
