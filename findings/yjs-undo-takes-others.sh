#!/usr/bin/env bash
# yjs 13.6.33. Expected: UndoManager takes back one's own changes. What Y.applyUpdate brought from another document is another's:
# its transaction says so (`local` is false).
# https://github.com/yjs/yjs#yundomanager
# Seen: applied as its README applies updates, without an origin, the other's change is the next to be undone: undo() removes it and
# leaves one's own, here and, with the next exchange, at the other's too. Within half a second both go at once. With any origin
# given to applyUpdate, undo() takes back one's own.
# For a memory: one agent's undo deletes what another has written meanwhile, everywhere.
# Here: not used; restoring a version names the entry and the version.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{"type":"module","private":true}' >package.json
npm install --silent --no-audit --no-fund --ignore-scripts yjs@13.6.33
cat >try.js <<'JS'
import * as Y from 'yjs'

const send = (from, to, ...origin) => Y.applyUpdate(to, Y.encodeStateAsUpdate(from, Y.encodeStateVector(to)), ...origin)
function afterUndo(options, ...origin) {
  const [mine, theirs] = [new Y.Doc(), new Y.Doc()]
  const undo = new Y.UndoManager(mine.getArray('notes'), options)
  let isLocal
  mine.on('afterTransaction', (transaction) => {
    isLocal = transaction.local
  })
  mine.getArray('notes').push(['mine'])
  send(mine, theirs)
  theirs.getArray('notes').push(['theirs'])
  send(theirs, mine, ...origin)
  const wasLocal = isLocal
  undo.undo()
  send(mine, theirs)
  return { wasLocal, mine: mine.getArray('notes').toJSON(), theirs: theirs.getArray('notes').toJSON() }
}
const apart = { captureTimeout: 0 }
const seen = { noOrigin: afterUndo(apart), atOnce: afterUndo({}), withOrigin: afterUndo(apart, 'from the other') }
for (const [name, each] of Object.entries(seen)) console.log(name.padEnd(11), JSON.stringify(each))
const left = (...notes) => ({ wasLocal: false, mine: notes, theirs: notes })
const expected = { noOrigin: left('mine'), atOnce: left(), withOrigin: left('theirs') }
const isAsDescribed = JSON.stringify(seen) === JSON.stringify(expected)
console.log(isAsDescribed ? 'as described' : 'CHANGED')
process.exit(isAsDescribed ? 0 : 1)
JS
node try.js
