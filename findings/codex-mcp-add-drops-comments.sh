#!/usr/bin/env bash
# @openai/codex 0.171.0. Expected: `codex mcp add` adds an entry to config.toml and leaves the text of the others, whose comments it keeps
# everywhere else in the file.
# Seen: all entries of `mcp_servers` are written anew: the comments of the other servers are gone, and a key that Codex does not know. An
# entry of the same name is replaced without a question, with its environment and its `enabled_tools`: all tools are on again. It says
# "Added" each time.
# For a memory: adding it takes out why another server is as it is, and adding it again what had been set for it.
# Here: `agent-memory setup` edits the text of one entry and leaves the rest (src/transports/cli/setup/editing/edit-toml.ts).
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
mkdir home
echo '{"private":true}' >package.json
npm install --silent --no-audit --no-fund --ignore-scripts @openai/codex@0.171.0
cat >home/config.toml <<'TOML'
# of this machine
model = "any" # kept

# asked for by Ada, not to be taken out
[mcp_servers.notes]
command = "notes" # version 2 only
reason = "kept by hand"
enabled_tools = ["read"]

[mcp_servers.notes.env]
LEVEL = "1" # 2 is too much
TOML
add() { CODEX_HOME="$folder/home" node_modules/.bin/codex mcp add "$@" 2>/dev/null; }
check() { diff "$1" home/config.toml && echo 'as described' || { echo CHANGED && exit 1; }; }
cat >one.toml <<'TOML'
# of this machine
model = "any" # kept

[mcp_servers.notes]
command = "notes"
enabled_tools = ["read"]

[mcp_servers.notes.env]
LEVEL = "1"

[mcp_servers.memory]
command = "agent-memory"
args = ["mcp"]
TOML
cat >two.toml <<'TOML'
# of this machine
model = "any" # kept

[mcp_servers.notes]
command = "notes"
args = ["--all"]

[mcp_servers.memory]
command = "agent-memory"
args = ["mcp"]
TOML
add memory -- agent-memory mcp
cat home/config.toml
check one.toml
add notes -- notes --all
check two.toml
