#!/bin/sh
# dist/hook.sh: what `agent-memory hook install` has clients run, where there is a shell: sh hook.sh NODE hook run OPTION…
# A client waits for it before every edit. It asks a server of ours that runs, by curl, which takes half as long as Node takes to start; where
# none answers, hook.cjs does it, under NODE. What it sends is read in src/transports/hook/shell.ts.
node=$1
shift
here=${0%/*}
payload=$(cat)
mark=''

by_node() {
  printf '%s' "$payload" | "$node" "$here/hook.cjs" "$@"
  # Some clients take every other code for a refusal, a program's that is gone too.
  case $? in 2) exit 2 ;; esac
  exit 0
}

question() {
  printf '%s\n' "$here" "$PWD" "$@"
  printf '%s' "$mark"
  env
  printf '%s%s' "$mark" "$payload"
}

# What a server has answered: an exit code, a line's end, what belongs on stdout, a mark, what belongs on stderr.
tell() {
  code=${1%%"
"*}
  case $code in 0 | 2) ;; *) return 1 ;; esac
  said=${1#*"
"}
  out=${said%%"$mark"*}
  err=${said#*"$mark"}
  [ -z "$out" ] || printf '%s\n' "$out"
  [ -z "$err" ] || printf '%s\n' "$err" >&2
  exit "$code"
}

folder=${AGENT_MEMORY_DATA_DIR:-${HOME-}/.agent-memory}
option=
for word in "$@"; do
  [ "$option" != --data-dir ] || folder=$word
  option=$word
done

# The client's own server first. A pattern that nothing matches stays as it is, and is no socket.
for socket in "$folder"/hook-*-"${CLAUDE_PID:-none}"-*.sock "$folder"/hook-*.sock; do
  [ -S "$socket" ] || continue
  reply=$(question "$@" | curl -qsf -m 3 --noproxy '*' -H Expect: --unix-socket "$socket" --data-binary @- http://localhost/) &&
    tell "$reply"
done
by_node "$@"
