# Production image: web, worker, beat and the one-shot migration all run it with different commands.

FROM python:3.12.12-slim AS libraries
COPY requirements/production.txt /production.txt
RUN python -m venv /venv \
 && /venv/bin/pip install --no-cache-dir --disable-pip-version-check --only-binary :all: --require-hashes -r /production.txt

FROM python:3.12.12-slim
ENV PATH=/venv/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONUTF8=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    DJANGO_SETTINGS_MODULE=clinic.settings \
    STATIC_ROOT=/static
RUN useradd --system --uid 10001 --no-create-home --home-dir /nonexistent clinic
COPY --from=libraries /venv /venv
WORKDIR /clinic
COPY . .
# Neither step touches a database or keeps a key: the values only let the settings load, and are thrown away.
RUN pybabel -q compile -d locale -D django \
 && key="$(python -c 'import base64, secrets; print(base64.b64encode(secrets.token_bytes(32)).decode())')" \
 && DATABASE_URL=postgres://build@build/build REDIS_URL=redis://build \
    SECRET_KEY="$key" FIELD_KEYS="k1:$key" BLIND_INDEX_KEY="$key" \
    python manage.py collectstatic --noinput --verbosity 0
USER clinic
EXPOSE 8000
CMD ["gunicorn", "clinic.wsgi", "--bind", "0.0.0.0:8000", "--worker-class", "gthread", "--workers", "2", \
     "--threads", "8", "--graceful-timeout", "20", "--worker-tmp-dir", "/dev/shm", "--no-control-socket"]
