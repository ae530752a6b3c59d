#!/usr/bin/env bash
# @decimalturn/toml-patch 3.3.0. Expected: patch(text, values) gives a text with those values, in which comments and format are kept;
# its README says no more.
# https://github.com/DecimalTurn/toml-patch#readme
# Seen: taking one table out of a list (`[[rules]]`) also takes the sub-table (`[rules.owner]`) from the tables that stay: the text is
# valid, without an error, and the owner of the other rule is gone. In the other order the sub-table goes to the wrong one.
# For a memory: one rule or server is taken out of a settings file, and another one loses its environment.
# Here: not used; setup edits within the text of a client's TOML (src/transports/cli/setup/editing/edit-toml.ts).
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{"type":"module","private":true}' >package.json
npm install --silent --no-audit --no-fund --ignore-scripts @decimalturn/toml-patch@3.3.0 smol-toml@1.9.1
cat >try.js <<'JS'
import { patch } from '@decimalturn/toml-patch'
import { parse } from 'smol-toml'

function patched(text, edit) {
  const values = parse(text)
  edit(values.rules)
  const wanted = JSON.stringify(values.rules)
  return [wanted, JSON.stringify(parse(patch(text, values)).rules)]
}
const ada = '[[rules]]\npath = "a"\n[rules.owner]\nname = "Ada"\n'
const bob = '[[rules]]\npath = "b"\n[rules.owner]\nname = "Bob"\n'
const plain = '[[rules]]\npath = "c"\n'
const seen = {
  'first removed': patched(ada + bob, (rules) => rules.shift()),
  'last removed': patched(ada + bob, (rules) => rules.pop()),
  reversed: patched(plain + ada, (rules) => rules.reverse()),
}
console.log(JSON.stringify(seen, null, 1))
const expected = ['[{"path":"b"}]', '[{"path":"a"}]', '[{"path":"a"},{"path":"c","owner":{"name":"Ada"}}]']
const got = Object.values(seen).map(([, values]) => values)
const isAsDescribed = JSON.stringify(got) === JSON.stringify(expected)
console.log(isAsDescribed ? 'as described' : 'CHANGED')
process.exit(isAsDescribed ? 0 : 1)
JS
node try.js
