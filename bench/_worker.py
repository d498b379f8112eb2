"""`python -m bench._worker`: the worker under test, which also notes when each of its units of work had committed."""

import os
import time
from pathlib import Path
from typing import BinaryIO

import orjson
import uvloop

from leadflow import bootstrap
from leadflow.infra.doorbell import RedisDoorbell
from leadflow.kernel.live import Ring, Signal
from workers.shift import YIELDS, main


class NotingDoorbell(RedisDoorbell):
    """The first thing that happens after a commit is its ring."""

    notes: BinaryIO

    async def ring(self, signal: Signal) -> None:
        at = time.time_ns()
        await super().ring(signal)
        if isinstance(signal, Ring):
            leads = [str(lead) for lead in signal.leads or ()]
            self.notes.write(orjson.dumps({"at": at, "xid": signal.xid, "leads": leads}) + b"\n")
            self.notes.flush()


if __name__ == "__main__":
    vars(bootstrap)["RedisDoorbell"] = NotingDoorbell
    with Path(os.environ["BENCH_COMMITS"]).open("ab") as NotingDoorbell.notes:
        os.nice(YIELDS)
        uvloop.run(main())
