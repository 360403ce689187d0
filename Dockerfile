# The HTTP service. docs/service.md explains how to run it.
# Build in the larger image, because it has a compiler.
FROM python:3.12 AS build
WORKDIR /source
COPY . .
RUN pip wheel --no-cache-dir --no-deps --wheel-dir /wheels .

FROM python:3.12-slim
COPY --from=build /wheels /wheels
RUN pip install --no-cache-dir "$(echo /wheels/*.whl)[server,heic]" && rm -r /wheels
RUN useradd --system --no-create-home --uid 10001 keras_f2a
USER 10001
ENV PYTHONDONTWRITEBYTECODE=1 PYTHONUNBUFFERED=1
EXPOSE 8765
HEALTHCHECK --interval=30s --timeout=5s --start-period=30s \
  CMD ["python", "-c", "import urllib.request as r; r.urlopen('http://127.0.0.1:8765/healthz', timeout=4)"]
ENTRYPOINT ["keras-f2a"]
CMD ["serve", "--host", "0.0.0.0", "--port", "8765"]
