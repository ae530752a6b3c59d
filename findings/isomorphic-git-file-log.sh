#!/usr/bin/env bash
# isomorphic-git 1.44.19. Expected: log() with a `filepath` answers with the commits in which that file was changed, as `git log -- file`
# does.
# https://isomorphic-git.org/docs/en/log
# Seen: it compares each commit with the next one in order of time, of whatever branch, not with its parents. Where two branches went
# on at the same time, commits that never touched the file are in its history: of six commits, three of which changed b.md, all six.
# With one branch it is right.
# For a memory: "who last changed this file, and why" is answered with somebody else's commit.
# Here: not used; the history of an entry is kept as versions (src/store/entries/).
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{"type":"module","private":true}' >package.json
npm install --silent --no-audit --no-fund --ignore-scripts isomorphic-git@1.44.19
cat >try.js <<'JS'
import fs from 'node:fs'
import git from 'isomorphic-git'

const repository = { fs, dir: 'notes' }
let timestamp = 1_767_225_600
async function commit(message, file, text, more = {}) {
  timestamp += 60
  if (file) {
    fs.writeFileSync(`notes/${file}`, text)
    await git.add({ ...repository, filepath: file })
  }
  const author = { name: 'A', email: 'a@example.org', timestamp, timezoneOffset: 0 }
  return git.commit({ ...repository, message, author, ...more })
}
const on = (ref) => git.checkout({ ...repository, ref })
async function historyOf(filepath) {
  const commits = await git.log({ ...repository, filepath })
  return commits.map(({ commit: { message } }) => message.trim())
}

await git.init({ ...repository, defaultBranch: 'main' })
await commit('begin: a and b', 'a.md', '1')
await commit('begin: b', 'b.md', '1')
await commit('main: b', 'b.md', '2')
const oneBranch = await historyOf('b.md')
await git.branch({ ...repository, ref: 'side' })
await on('side')
await commit('side: b', 'b.md', '3')
await on('main')
await commit('main: a', 'a.md', '2')
await on('side')
await commit('side: b again', 'b.md', '4')
await on('main')
await commit('main: a again', 'a.md', '3')
timestamp += 60
const author = { name: 'A', email: 'a@example.org', timestamp, timezoneOffset: 0 }
await git.merge({ ...repository, ours: 'main', theirs: 'side', message: 'merge', author })
await on('main')
const seen = { oneBranch, a: await historyOf('a.md'), b: await historyOf('b.md') }
for (const [name, messages] of Object.entries(seen)) console.log(name.padEnd(9), messages.join(' | '))
const expected = {
  oneBranch: ['main: b', 'begin: b'],
  a: ['main: a again', 'side: b again', 'main: a', 'begin: a and b'],
  b: ['merge', 'main: a again', 'side: b again', 'main: a', 'side: b', 'main: b', 'begin: b'],
}
const isAsDescribed = JSON.stringify(seen) === JSON.stringify(expected)
console.log(isAsDescribed ? 'as described' : 'CHANGED')
process.exit(isAsDescribed ? 0 : 1)
JS
node try.js
