"""`python -m leadflow.infra.migration_check`: the migrations lead to what the models say."""

import sys
import tempfile
from pathlib import Path

from alembic import command
from alembic.util import CommandError

from leadflow.infra import provision
from leadflow.infra.embedded import EmbeddedEngines
from leadflow.infra.progress import say


def main() -> int:
    with tempfile.TemporaryDirectory(prefix="leadflow-") as directory:
        engines = EmbeddedEngines(Path(directory), with_redis=False)
        urls = engines.start()
        try:
            provision.provision(
                urls.admin_database_url,
                database=engines.database,
                app_password=engines.secrets.app,
                migrator_password=engines.secrets.migrator,
            )
            provision.migrate(urls.migrator_database_url)
            command.check(provision.alembic_config(urls.migrator_database_url))
        except CommandError as difference:
            say(f"Models and migrations differ: {difference}")
            return 1
        finally:
            engines.stop()
    return 0


if __name__ == "__main__":
    sys.exit(main())
