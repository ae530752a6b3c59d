#!/usr/bin/env bash
# memoizee 0.4.17. Expected: with `promise: true` a promise that was rejected is not kept; its README says that it is taken out of the
# cache at once. So a second call calls the function again.
# https://github.com/medikoo/memoizee#promise-returning-functions
# Seen: it is taken out some ticks later. A caller that tries again at once gets the old error five times, and the function was called
# once. With 'then:finally', a mode that it takes without naming it, the error stays for good. p-memoize 8.0.0 calls again.
# For a memory: a reader that tries three times after a lost connection has in truth tried once.
# Here: not used.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{"type":"module","private":true}' >package.json
npm install --silent --no-audit --no-fund --ignore-scripts memoizee@0.4.17 p-memoize@8.0.0
cat >try.js <<'JS'
import { setTimeout } from 'node:timers/promises'
import memoizee from 'memoizee'
import pMemoize from 'p-memoize'

async function tried(memoize) {
  let calls = 0
  const read = memoize(async (key) => {
    calls += 1
    if (calls === 1) throw new Error('lost')
    return `${key} ${calls}`
  })
  const answer = () => read('entry').catch((error) => error.message)
  const answers = []
  for (let i = 0; i < 5; i += 1) answers.push(await answer())
  const callsAtOnce = calls
  await setTimeout(20)
  return { atOnce: answers.join(), calls: callsAtOnce, later: await answer() }
}
const seen = {
  true: await tried((body) => memoizee(body, { promise: true })),
  thenFinally: await tried((body) => memoizee(body, { promise: 'then:finally' })),
  pMemoize: await tried((body) => pMemoize(body)),
}
console.log(JSON.stringify(seen, null, 1))
const isAsDescribed =
  seen.true.atOnce.startsWith('lost,lost') &&
  seen.true.later.startsWith('entry') &&
  seen.thenFinally.later === 'lost' &&
  seen.pMemoize.atOnce.startsWith('lost,entry 2')
console.log(isAsDescribed ? 'as described' : 'CHANGED')
process.exit(isAsDescribed ? 0 : 1)
JS
node try.js
