# API, Kafka consumer and command line in one image: docker build -t fraud-detection:v1.2.0 .
# What is in it, how it runs and what it writes: docs/operations/image.md

# The Node of package.json, held equal by a test. glibc: ONNX Runtime is not built for musl.
ARG NODE_VERSION=26.10.0

FROM node:${NODE_VERSION}-bookworm-slim AS packages
WORKDIR /app
# The install script of ONNX Runtime would fetch libraries for GPUs.
ENV ONNXRUNTIME_NODE_INSTALL=skip
COPY package.json package-lock.json .npmrc ./

FROM packages AS build
# A registry of your own, or one with a password: docker build --secret id=npmrc,src=$HOME/.npmrc …
RUN --mount=type=secret,id=npmrc,target=/root/.npmrc npm ci --no-audit --no-fund
COPY tsconfig.json nest-cli.json ./
COPY scripts scripts
COPY libs libs
COPY apps apps
RUN npm run build
# What /health and decisions say; without --build-arg the version that `npm version` wrote here and into package.json.
ARG VERSION=0.1.0
RUN npm pkg set version=${VERSION}

FROM packages AS dependencies
RUN --mount=type=secret,id=npmrc,target=/root/.npmrc npm ci --omit=dev --no-audit --no-fund
COPY scripts/image/prune.mjs scripts/image/
RUN node scripts/image/prune.mjs

FROM node:${NODE_VERSION}-bookworm-slim
WORKDIR /app
ENV NODE_ENV=production \
    HOST=0.0.0.0 \
    DATA_DIR=/var/lib/fraud-detection \
    MODEL_CACHE_DIR=/var/cache/fraud-detection
RUN install -d -o 1000 -g 1000 "$DATA_DIR" "$MODEL_CACHE_DIR"
# What seldom changes comes first: a new version of the code is a layer of a few megabytes.
COPY --from=dependencies /app/node_modules node_modules
COPY LICENSE ./
COPY scripts/image/health.mjs bin/
COPY scripts/image/fraud-detection /usr/local/bin/
COPY models models
COPY config config
COPY --from=build /app/dist dist
COPY --from=build /app/package.json ./

# What is written, beside /tmp where recorded decisions are exported.
VOLUME ["/var/lib/fraud-detection", "/var/cache/fraud-detection"]
# By number: Kubernetes cannot tell of a name that it is not root.
USER 1000:1000
EXPOSE 8000 8001
HEALTHCHECK --interval=10s --timeout=5s --start-period=60s --retries=3 CMD ["node", "/app/bin/health.mjs"]
ENTRYPOINT ["fraud-detection"]
CMD ["api"]

ARG VERSION=0.1.0
ARG REVISION=unknown
ARG CREATED=1970-01-01T00:00:00Z
ARG SOURCE=unknown
LABEL org.opencontainers.image.title="fraud-detection" \
      org.opencontainers.image.description="Real-time payment-fraud decision engine" \
      org.opencontainers.image.licenses="Apache-2.0" \
      org.opencontainers.image.version="${VERSION}" \
      org.opencontainers.image.revision="${REVISION}" \
      org.opencontainers.image.created="${CREATED}" \
      org.opencontainers.image.source="${SOURCE}"
