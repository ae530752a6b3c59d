#!/usr/bin/env bash
# @secretlint/core 13.1.0: each lintSource leaves performance marks behind, in the process' own list and in its profiler's, for as
# long as the process runs. Expected: a call that answers with its messages leaves nothing.
# Seen: 116 marks a call with the recommended rules, so a server that looks at each text it stores grows without end, until Node
# warns after 1,000,000 (MaxPerformanceEntryBufferExceededWarning). With the profiler of @secretlint/profiler switched off: none.
# Here: src/services/secrets/rule-set.ts switches it off.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{"type":"module","private":true}' >package.json
npm install --silent --no-audit --no-fund @secretlint/core@13.1.0 @secretlint/profiler@13.1.0 \
  @secretlint/secretlint-rule-preset-recommend@13.1.0
cat >try.mjs <<'JS'
import { lintSource } from '@secretlint/core'
import { secretLintProfiler } from '@secretlint/profiler'
import { rules } from '@secretlint/secretlint-rule-preset-recommend'

const config = { rules: rules.map((rule) => ({ id: rule.meta.id, rule })) }
const source = { content: 'nothing to see', filePath: 'a.txt', ext: '.txt', contentType: 'text' }
const marks = () => performance.getEntriesByType('mark').length
async function kept() {
  const before = marks()
  for (let i = 0; i < 100; i++) await lintSource({ source, options: { config, noPhysicFilePath: true } })
  return marks() - before
}
const byDefault = await kept()
secretLintProfiler.setEnabled(false)
const switchedOff = await kept()
console.log(`marks kept of 100 calls: ${byDefault}, with the profiler switched off: ${switchedOff}`)
const isAsDescribed = byDefault >= 100 && switchedOff === 0
console.log(isAsDescribed ? 'as described' : 'CHANGED')
process.exit(isAsDescribed ? 0 : 1)
JS
node try.mjs
