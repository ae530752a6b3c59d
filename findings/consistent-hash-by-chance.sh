#!/usr/bin/env bash
# consistent-hash 1.2.2, "js consistent hash ring". Expected: two rings of the same nodes send a key to the same node; that is what such
# a ring is for: each process can work out by itself who has what. A node that goes and comes back has its keys again.
# https://www.npmjs.com/package/consistent-hash
# Seen: a node is put at places of chance (`distribution: 'random'`), so two processes with the same nodes in the same order disagree
# about more than half of 3,000 keys; after remove() and add() of one of three nodes a third has moved. With `distribution: 'uniform'`
# two rings agree only as long as the nodes were added in the same order. With hashring 3.2.0 no key differs.
# For a memory: each instance asks another one for the same entry, and a cache or a lock that is shared out like this is several.
# Here: not used; instances that share locks and a cache share one Redis (src/coordination/redis/).
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{"type":"module","private":true}' >package.json
npm install --silent --no-audit --no-fund --ignore-scripts consistent-hash@1.2.2 hashring@3.2.0
cat >try.js <<'JS'
import ConsistentHash from 'consistent-hash'
import HashRing from 'hashring'

const nodes = ['a', 'b', 'c']
const keys = Array.from({ length: 3000 }, (_, i) => `entry-${i}`)
const places = (ring) => keys.map((key) => ring.get(key))
const differing = (one, other) => one.filter((place, i) => place !== other[i]).length
function ring(names, options) {
  const made = new ConsistentHash(options)
  for (const name of names) made.add(name)
  return made
}
const back = ring(nodes)
const before = places(back)
back.remove('b')
const without = places(back)
back.add('b')
const uniform = (names) => places(ring(names, { distribution: 'uniform' }))
const seen = {
  sameNodes: differing(places(ring(nodes)), places(ring(nodes))),
  gone: differing(before, without) - before.filter((place) => place === 'b').length,
  cameBack: differing(before, places(back)),
  uniform: differing(uniform(nodes), uniform(nodes)),
  uniformOtherOrder: differing(uniform(nodes), uniform(nodes.toReversed())),
  hashring: differing(places(new HashRing(nodes)), places(new HashRing(nodes.toReversed()))),
}
console.log(JSON.stringify(seen))
const isAsDescribed =
  seen.sameNodes > 1000 &&
  seen.gone === 0 &&
  seen.cameBack > 300 &&
  seen.uniform === 0 &&
  seen.uniformOtherOrder > 1000 &&
  seen.hashring === 0
console.log(isAsDescribed ? 'as described' : 'CHANGED')
process.exit(isAsDescribed ? 0 : 1)
JS
node try.js
