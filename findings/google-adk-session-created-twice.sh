#!/usr/bin/env bash
# @google/adk 2.0.0, InMemorySessionService. Expected: a second createSession of an id is refused, or answered with the session that is
# there; `numRecentEvents: 0` asks for none of its events; and state that begins with "user:" is seen by the user's other sessions.
# Seen: the second replaces the session and its events are gone, without an error; 0 is all events; "user:" state that createSession is
# given stays in that session, while the same in the stateDelta of an event reaches the others.
# Here: not used.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{"type":"module","private":true}' >package.json
npm install --silent --no-audit --no-fund --ignore-scripts --omit=optional --omit=peer @google/adk@2.0.0
cat >try.js <<'JS'
import { InMemorySessionService } from '@google/adk'

const service = new InMemorySessionService()
const key = (sessionId) => ({ appName: 'app', userId: 'user', sessionId })
const event = (text, stateDelta = {}) => ({
  id: text,
  author: 'user',
  timestamp: 1,
  invocationId: 'one',
  actions: { stateDelta },
  content: { role: 'user', parts: [{ text }] },
})
const session = await service.createSession({ ...key('first'), state: { 'user:tabs': true } })
await service.appendEvent({ session, event: event('said', { 'user:language': 'en' }) })
const count = async (config) => (await service.getSession({ ...key('first'), config })).events.length
const other = await service.createSession(key('other'))
const seen = { events: await count(), ofZero: await count({ numRecentEvents: 0 }), stateOfOther: Object.keys(other.state) }
await service.createSession(key('first'))
seen.afterSecond = await count()
console.log(JSON.stringify(seen))
const expected = { events: 1, ofZero: 1, stateOfOther: ['user:language'], afterSecond: 0 }
const isAsDescribed = JSON.stringify(seen) === JSON.stringify(expected)
console.log(isAsDescribed ? 'as described' : 'CHANGED')
process.exit(isAsDescribed ? 0 : 1)
JS
node try.js
