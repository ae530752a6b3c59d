#!/usr/bin/env bash
# deepmerge-ts 8.0.2, with deepmerge 4.3.1 beside it. Expected: deepmergeInto(target, …) changes its target alone, and what deepmerge() gives is
# of one's own, as it is for deepmerge.
# https://github.com/RebeccaStevens/deepmerge-ts#readme
# Seen: an object or a list that only one of the sources has is not copied but shared, and a later deepmergeInto() writes into it: settings that
# are made of the defaults and then of the user's own leave the user's values in the defaults. It depends on the values: what two
# sources have is copied, so the same lines are right for other settings. The elements of lists are always shared.
# For a memory: the environment of one server, or one project's setting, is the default of all that are made after it.
# Here: not used.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{"type":"module","private":true}' >package.json
npm install --silent --no-audit --no-fund --ignore-scripts deepmerge-ts@8.0.2 deepmerge@4.3.1
cat >try.js <<'JS'
import older from 'deepmerge'
import { deepmerge, deepmergeInto } from 'deepmerge-ts'

const seen = {}
function defaultsAfter(name, work) {
  const defaults = { server: { env: { LEVEL: 'info' } }, rules: [{ path: 'src' }] }
  work(defaults)
  seen[name] = JSON.stringify(defaults.server.env) + JSON.stringify(defaults.rules)
}
const own = { server: { env: { TOKEN: 'tulip' } } }
defaultsAfter('two calls of deepmergeInto', (defaults) => {
  const settings = {}
  deepmergeInto(settings, defaults)
  deepmergeInto(settings, own)
})
defaultsAfter('one call of deepmergeInto', (defaults) => deepmergeInto({}, defaults, own))
defaultsAfter('deepmerge, then a change', (defaults) => {
  const settings = deepmerge(defaults, { name: 'a' })
  settings.server.env.TOKEN = 'tulip'
  settings.rules[0].path = 'test'
})
defaultsAfter('the older deepmerge, then a change', (defaults) => {
  const settings = older(defaults, { name: 'a' })
  settings.server.env.TOKEN = 'tulip'
  settings.rules[0].path = 'test'
})
console.log(JSON.stringify(seen, null, 1))
const [kept, rules] = ['{"LEVEL":"info"}', '[{"path":"src"}]']
const written = '{"LEVEL":"info","TOKEN":"tulip"}'
const expected = {
  'two calls of deepmergeInto': written + rules,
  'one call of deepmergeInto': kept + rules,
  'deepmerge, then a change': `${written}[{"path":"test"}]`,
  'the older deepmerge, then a change': kept + rules,
}
const isAsDescribed = JSON.stringify(seen) === JSON.stringify(expected)
console.log(isAsDescribed ? 'as described' : 'CHANGED')
process.exit(isAsDescribed ? 0 : 1)
JS
node try.js
