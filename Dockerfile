# One image for every process: `migrate`, `web` and `worker` are its commands.
ARG BASE_IMAGE=python:3.12-slim-bookworm

# What every stage installs with.
FROM ${BASE_IMAGE} AS installer
ENV PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1 \
    UV_NO_CACHE=1 UV_PYTHON_DOWNLOADS=never UV_SYSTEM_CERTS=true UV_LINK_MODE=copy
RUN python3 -m venv /opt/uv && /opt/uv/bin/pip install --quiet uv
WORKDIR /app
COPY pyproject.toml requirements.lock ./

# The pages, built with Node from the lock's own wheel; nothing of Node leaves this stage.
FROM installer AS frontend
RUN /opt/uv/bin/uv venv --quiet --python python3 /opt/build \
 && VIRTUAL_ENV=/opt/build /opt/uv/bin/uv pip sync --quiet --compile-bytecode --require-hashes requirements.lock
COPY . .
RUN /opt/build/bin/python -m leadflow.cli build

# What the product imports, nightly trees with it, and no more: the locked versions, and no file that the lock does not
# know.
FROM installer AS packages
RUN /opt/uv/bin/uv pip compile pyproject.toml --extra nightly --quiet --universal --generate-hashes --no-emit-index-url \
      --constraint requirements.lock --output-file production.lock > /dev/null \
 && sed -n 's/.*\(sha256:[0-9a-f]*\).*/\1/p' requirements.lock > known \
 && sed -n 's/.*\(sha256:[0-9a-f]*\).*/\1/p' production.lock > wanted \
 && ! grep -vxFf known wanted \
 && /opt/uv/bin/uv venv --quiet --python python3 /opt/venv \
 && VIRTUAL_ENV=/opt/venv /opt/uv/bin/uv pip sync --quiet --compile-bytecode --require-hashes production.lock

FROM ${BASE_IMAGE}
# LightGBM runs its threads by libgomp.
RUN apt-get update -qq \
 && apt-get install --yes --quiet --no-install-recommends libgomp1 > /dev/null \
 && rm -rf /var/lib/apt/lists/* /var/cache/apt /var/log/apt /var/log/dpkg.log
RUN groupadd --gid 10001 leadflow \
 && useradd --uid 10001 --gid leadflow --home-dir /var/lib/leadflow --create-home --shell /usr/sbin/nologin leadflow
WORKDIR /app
COPY --from=packages /opt/venv /opt/venv
COPY --from=frontend --chown=leadflow:leadflow /app/.web/build/client .web/build/client
COPY --from=frontend --chown=leadflow:leadflow /app/.web/backend .web/backend
COPY LICENSE rxconfig.py alembic.ini ./
COPY alembic alembic
COPY leadflow leadflow
COPY workers workers
ENV PATH=/opt/venv/bin:$PATH PYTHONPATH=/app PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 \
    LEADFLOW_HOME=/var/lib/leadflow LEADFLOW_HOST=0.0.0.0 LEADFLOW_PORT=8000 LEADFLOW_LOG_JSON=true
USER leadflow
EXPOSE 8000
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=10s --timeout=5s --start-period=60s --retries=3 \
  CMD ["python", "-c", "import urllib.request as r; r.urlopen('http://127.0.0.1:8000/api/health/ready', timeout=4)"]
ENTRYPOINT ["python", "-m", "leadflow.cli"]
CMD ["web"]
