#!/usr/bin/env bash
# sqlite-vec 0.1.9 with SQLite as in Node 24.21.0 (node:sqlite). Expected: with `distance_metric=cosine` the k nearest are found
# whatever else the table holds. A vector of zeros has no direction; it is refused, or comes last.
# https://alexgarcia.xyz/sqlite-vec/api-reference.html
# Seen: it is taken, its distance is null, and where it was written before the others it comes first, before an equal vector with
# distance 0. Three of them fill the three places of k = 3, and nothing else is found. Written last, or in the middle, they do not.
# For a memory: three notes without a known word, whose vectors are zeros, hide all others from every search, without an error.
# Here: not used; a vector of zeros is like nothing (src/domain/words/vectors/embedding.ts).
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{"type":"module","private":true,"allowScripts":{"node":true}}' >package.json
npm install --silent --no-audit --no-fund --ignore-scripts=false node@24.21.0 sqlite-vec@0.1.9
cat >try.js <<'JS'
import { DatabaseSync } from 'node:sqlite'
import { load } from 'sqlite-vec'

const db = new DatabaseSync(':memory:', { allowExtension: true })
load(db)
const zeros = [[0, 0], [0, 0], [0, 0]]
const notes = [[1, 4], [1, 2], [1, 1], [1, 0]]
function nearest(vectors, k) {
  db.exec('drop table if exists note; create virtual table note using vec0(at float[2] distance_metric=cosine)')
  const insert = db.prepare('insert into note (at) values (?)')
  for (const vector of vectors) insert.run(new Float32Array(vector))
  const search = db.prepare("select vec_to_json(at) as at, distance from note where at match '[1, 0]' and k = ? order by distance")
  return search.all(k).map(({ at, distance }) => `${JSON.parse(at).join()} at ${distance?.toFixed(1) ?? null}`)
}
const seen = {
  without: nearest(notes, 3),
  zerosLast: nearest([...notes, ...zeros], 3),
  oneFirst: nearest([zeros[0], ...notes], 1),
  zerosFirst: nearest([...zeros, ...notes], 3),
}
for (const [name, found] of Object.entries(seen)) console.log(name.padEnd(10), found.join('   '))
const rightly = ['1,0 at 0.0', '1,1 at 0.3', '1,2 at 0.6']
const expected = {
  without: rightly,
  zerosLast: rightly,
  oneFirst: ['0,0 at null'],
  zerosFirst: ['0,0 at null', '0,0 at null', '0,0 at null'],
}
const isAsDescribed = JSON.stringify(seen) === JSON.stringify(expected)
console.log(isAsDescribed ? 'as described' : 'CHANGED')
process.exit(isAsDescribed ? 0 : 1)
JS
node_modules/.bin/node try.js
