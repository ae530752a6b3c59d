#!/usr/bin/env bash
# classic-level 3.0.0 (LevelDB of the `level` family). Expected: a database that was opened with `valueEncoding: 'json'` keeps objects, also
# in its sublevels; what an encoding cannot write is refused, as null is.
# https://github.com/Level/abstract-level#sublevel--dbsublevelname-options
# Seen: a sublevel does not take over the encoding, and its own is text: an object is stored as "[object Object]", a list without its
# brackets, and the write is answered as done. A range whose bound is there and undefined, as that of a first page without a cursor (`{ gt:
# undefined }`), has nothing in it, for `lt` everything.
# For a memory: the entries that were kept in a sublevel per scope are all the same fifteen letters.
# Here: not used; entries stand in SQLite or PostgreSQL.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{"type":"module","private":true}' >package.json
npm install --silent --no-audit --no-fund --ignore-scripts classic-level@3.0.0
cat >try.js <<'JS'
import { ClassicLevel } from 'classic-level'

const db = new ClassicLevel('db', { valueEncoding: 'json' })
const value = { name: 'note', tags: ['a'] }
await db.put('a', value)
const scope = db.sublevel('scope')
await scope.put('a', value)
await scope.batch([{ type: 'put', key: 'b', value: [1, [2, value]] }])
const told = db.sublevel('told', { valueEncoding: 'json' })
await told.put('a', value)
const seen = {
  database: await db.get('a'),
  sublevel: await scope.get('a'),
  list: await scope.get('b'),
  encodingTold: await told.get('a'),
  afterUndefined: (await told.keys({ gt: undefined }).all()).length,
  beforeUndefined: (await told.keys({ lt: undefined }).all()).length,
}
await db.close()
console.log(JSON.stringify(seen, null, 1))
const expected = {
  database: value,
  sublevel: '[object Object]',
  list: '1,2,[object Object]',
  encodingTold: value,
  afterUndefined: 0,
  beforeUndefined: 1,
}
const isAsDescribed = JSON.stringify(seen) === JSON.stringify(expected)
console.log(isAsDescribed ? 'as described' : 'CHANGED')
process.exit(isAsDescribed ? 0 : 1)
JS
node try.js
