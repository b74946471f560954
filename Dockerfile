# The image of the web server and the worker; it builds on every architecture that the base image has.
FROM python:3.12-slim AS packages

COPY requirements.lock /app/requirements.lock
RUN python -m venv /app/.venv && \
    /app/.venv/bin/python -m pip install --no-cache-dir --require-hashes --no-deps -r /app/requirements.lock

FROM python:3.12-slim

LABEL org.opencontainers.image.title="8xSovia" \
      org.opencontainers.image.description="The gallery and archive of your AI pictures and clips, on your own machine."

# A name for the user below: PostgreSQL's programs, embedded or not, ask for it.
RUN echo 'sovia:x:10001:10001::/data:/usr/sbin/nologin' >> /etc/passwd && mkdir -p /data && chown 10001:10001 /data

COPY --from=packages /app/.venv /app/.venv
COPY alembic.ini index.html pyproject.toml /app/
COPY backend/migrations /app/backend/migrations
COPY backend/sovia /app/backend/sovia
# The file system is read-only later on.
RUN /app/.venv/bin/python -m compileall -q /app/backend

ENV PATH=/app/.venv/bin:/usr/local/bin:/usr/bin:/bin \
    PYTHONPATH=/app/backend \
    PYTHONUNBUFFERED=1 \
    SOVIA_HOME=/data

WORKDIR /data
USER 10001:10001
EXPOSE 8000
HEALTHCHECK --interval=10s --timeout=5s --start-period=60s --retries=6 CMD ["python", "-m", "sovia", "alive"]

ENTRYPOINT ["python", "-m", "sovia"]
CMD ["serve"]
