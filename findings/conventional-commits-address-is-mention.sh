#!/usr/bin/env bash
# conventional-commits-parser 6.4.0. Expected: a mention is "@ada" as GitHub has it; a trailer Co-authored-by with an address mentions
# nobody, and a colour is no issue.
# https://github.com/conventional-changelog/conventional-changelog/tree/master/packages/conventional-commits-parser
# Seen: each address is a mention of the first part of its host: ada@example.com mentions "example". "#fff" is a reference to the issue
# "fff", and a body line that says "does not close #5" is a reference with the action "close". From the first line with a number on the
# body is the footer.
# For a memory: people and issues that have nothing to do with a change are kept as its authors and its causes.
# Here: not used.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{"type":"module","private":true}' >package.json
npm install --silent --no-audit --no-fund --ignore-scripts conventional-commits-parser@6.4.0
cat >try.js <<'JS'
import { CommitParser } from 'conventional-commits-parser'

const parser = new CommitParser()
const messages = {
  mention: 'feat: x\n\nThanks @ada',
  trailer: 'feat: x\n\nCo-authored-by: Ada <ada@example.com>',
  colour: 'fix: use #fff for the page',
  not: 'fix: x\n\nThis does not close #5\n\nIt is only a first step.',
}
const seen = Object.fromEntries(
  Object.entries(messages).map(([name, message]) => {
    const { mentions, references, body, footer } = parser.parse(message)
    return [name, { mentions, references: references.map(({ action, issue }) => `${action} ${issue}`), body, footer }]
  }),
)
console.log(JSON.stringify(seen, null, 1))
const isAsDescribed =
  seen.mention.mentions.join() === 'ada' &&
  seen.trailer.mentions.join() === 'example' &&
  seen.colour.references.join() === 'null fff' &&
  seen.not.references.join() === 'close 5'
console.log(isAsDescribed ? 'as described' : 'CHANGED')
process.exit(isAsDescribed ? 0 : 1)
JS
node try.js
