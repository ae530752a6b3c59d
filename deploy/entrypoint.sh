#!/bin/sh
# The image's entrypoint: agent-memory with the container's arguments.
#
# `agent-memory mcp` ends when its stdin does. Where nobody gives one (docker compose, Kubernetes, docker run -d) stdin is
# /dev/null, which ends at once. It gets a pipe instead that nobody closes: the instance runs until it is stopped, and clients
# start theirs beside it (docker compose exec -T agent-memory-1 agent-memory mcp).
set -e

if [ "$*" = mcp ] && [ -c /dev/stdin ] && [ ! -t 0 ]; then
  pipe="${TMPDIR:-/tmp}/agent-memory-stdin"
  # Another container that shares the folder may be faster.
  [ -p "$pipe" ] || mkfifo "$pipe" || [ -p "$pipe" ]
  # Opened for reading and writing it waits for nobody, and has no end.
  exec agent-memory mcp 0<>"$pipe"
fi

exec agent-memory "$@"
