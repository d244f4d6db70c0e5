# One image for the gateway, the worker and the migration; docker-compose.yml says which it runs as.
FROM python:3.11.14-slim-bookworm AS build
COPY requirements/app.lock /build/app.lock
RUN python -m venv /opt/supplyline \
    && /opt/supplyline/bin/pip install --no-cache-dir --disable-pip-version-check --require-hashes -r /build/app.lock

FROM python:3.11.14-slim-bookworm
RUN useradd --system --uid 10001 --user-group --no-create-home --shell /usr/sbin/nologin supplyline
COPY --from=build /opt/supplyline /opt/supplyline
WORKDIR /app
COPY LICENSE worker.py ./
COPY domain domain
COPY activities activities
COPY workflows workflows
COPY adapters adapters
COPY starter starter
ENV PATH=/opt/supplyline/bin:$PATH PYTHONPATH=/app PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1
RUN python -m compileall -q /app
USER 10001:10001
EXPOSE 8400
CMD ["python", "-m", "starter.gateway"]
