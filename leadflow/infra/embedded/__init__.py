"""PostgreSQL and Redis as child processes, for a machine that has neither."""

from leadflow.infra.embedded.engines import EmbeddedEngines, Urls
from leadflow.infra.embedded.errors import EngineError

__all__ = ["EmbeddedEngines", "EngineError", "Urls"]
