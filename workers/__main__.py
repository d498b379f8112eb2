"""`python -m workers`: one worker process."""

import asyncio

from workers.shift import main

asyncio.run(main())
