# docker build -t agent-memory:latest .
# docs/guides/deployment-modes.md says how it is run.

# Debian (slim), not Alpine: Node's own builds, which the tests run on, are made for glibc; for Alpine's musl they are unofficial.
FROM node:24-slim AS build
WORKDIR /build
COPY package.json package-lock.json .npmrc ./
# No install script is needed to build; the one of the package `node` would fetch a Node, which the image has.
RUN npm ci --ignore-scripts --no-audit --no-fund --loglevel=error
COPY . .
RUN node scripts/build.ts --clean

FROM node:24-slim
# The bundle holds all libraries: no npm, no node_modules.
COPY --from=build /build/package.json /build/LICENSE /app/
COPY --from=build /build/dist /app/dist
COPY deploy/entrypoint.sh /app/entrypoint.sh
RUN ln -s /app/dist/main.js /usr/local/bin/agent-memory \
  && mkdir /data && chown node:node /data
ENV AGENT_MEMORY_DATA_DIR=/data
VOLUME /data
# The user `node`, as a number: Kubernetes' runAsNonRoot cannot look names up.
USER 1000:1000
# Starts the program with the container's settings: 1 when the database cannot be reached (or Redis, where it is required).
HEALTHCHECK --interval=30s --timeout=15s --start-period=30s --retries=3 CMD ["agent-memory", "health"]
ENTRYPOINT ["/app/entrypoint.sh"]
CMD ["mcp"]
