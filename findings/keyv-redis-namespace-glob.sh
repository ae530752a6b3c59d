#!/usr/bin/env bash
# @keyv/redis 5.1.6 with keyv 5.6.0. Expected: clear() deletes the entries of its namespace, whatever the namespace is called, and no
# others.
# Seen: the name is put into a pattern of SCAN as it is: clear() of the namespace "app[1]" (a route, a ticket in brackets) deletes
# nothing and says nothing; clear() of "a*" deletes those of "ab" too.
# Here: not used.
# Needs Debian's redis-server (seen with 7.0.15) on the PATH.
set -eu
folder=$(mktemp -d)
cd "$folder"
redis-server --port 0 --unixsocket "$folder/redis" --save '' --appendonly no >redis.log 2>&1 &
redis=$!
trap 'kill $redis; wait $redis 2>/dev/null || true; rm -rf "$folder"' EXIT
echo '{"type":"module","private":true}' >package.json
npm install --silent --no-audit --no-fund --ignore-scripts keyv@5.6.0 @keyv/redis@5.1.6
cat >try.js <<'JS'
import KeyvRedis from '@keyv/redis'
import Keyv from 'keyv'

const socket = { path: `${process.cwd()}/redis` }
const open = (namespace) => new Keyv(new KeyvRedis({ socket }), { namespace })
async function left(cleared, other) {
  const [one, two] = [open(cleared), open(other)]
  await one.set('key', 1)
  await two.set('key', 2)
  await one.clear()
  const values = [(await one.get('key')) ?? 'gone', (await two.get('key')) ?? 'gone']
  await Promise.all([one.disconnect(), two.disconnect()])
  return values
}
const seen = { plain: await left('x', 'xy'), brackets: await left('app[1]', 'other'), star: await left('a*', 'ab') }
console.log(JSON.stringify(seen))
const expected = { plain: ['gone', 2], brackets: [1, 2], star: ['gone', 'gone'] }
const isAsDescribed = JSON.stringify(seen) === JSON.stringify(expected)
console.log(isAsDescribed ? 'as described' : 'CHANGED')
process.exit(isAsDescribed ? 0 : 1)
JS
node try.js
