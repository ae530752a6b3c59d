#!/usr/bin/env bash
# confbox 0.3.2 (c12, Nuxt and Nitro read settings with it), parseYAML. Expected: `<<` with an anchor merges, as in confbox 0.2.2, js-yaml 4
# and the files of Compose and GitLab; what is not understood is refused.
# https://github.com/unjs/confbox#yaml
# Seen: `<<` is a key like others, so what was to be merged stands one floor below and none of the defaults hold. Nothing is said. `yaml` does
# the same unless it is told (`merge: true`).
# For a memory: a server's settings that share their defaults by an anchor are left with what they name themselves.
# Here: no settings are YAML; an import's front matter is read with `yaml` (src/services/transfer/yaml.ts).
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{"type":"module","private":true}' >package.json
npm install --silent --no-audit --no-fund --ignore-scripts confbox@0.3.2 older@npm:confbox@0.2.2 yaml@2.9.1
cat >try.js <<'JS'
import { parseYAML } from 'confbox'
import { parseYAML as parseOlder } from 'older'
import { parse } from 'yaml'

const text = ['defaults: &defaults', '  timeout: 30', 'server:', '  <<: *defaults', '  port: 80', ''].join('\n')
const seen = {
  confbox: parseYAML(text).server,
  older: parseOlder(text).server,
  yaml: parse(text).server,
  yamlTold: parse(text, { merge: true }).server,
}
console.log(JSON.stringify(seen))
const own = { '<<': { timeout: 30 }, port: 80 }
const merged = { timeout: 30, port: 80 }
const expected = { confbox: own, older: merged, yaml: own, yamlTold: merged }
const isAsDescribed = JSON.stringify(seen) === JSON.stringify(expected)
console.log(isAsDescribed ? 'as described' : 'CHANGED')
process.exit(isAsDescribed ? 0 : 1)
JS
node try.js
