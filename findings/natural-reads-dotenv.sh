#!/usr/bin/env bash
# natural 8.1.1. Expected: importing a library of stemmers and tokenizers changes nothing of the process.
# Seen: the import reads the .env file of the current folder into process.env (its adapters for stores of their own do so), and writes
# lines about it to standard output, where a stdio server has its protocol. A memory server that a client starts in a project takes
# the project's settings for its own.
# Here: not used; stems come from wink-porter2-stemmer and @orama/stemmers, and nothing but src/config.ts looks at the environment.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{"type":"module","private":true}' >package.json
npm install --silent --no-audit --no-fund --ignore-scripts natural@8.1.1
cat >try.js <<'JS'
import { spawnSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'

writeFileSync('.env', 'DATABASE_URL=of-the-project\n')
writeFileSync('stem.js', "import natural from 'natural'\nconsole.log(natural.PorterStemmer.stem('running'), process.env.DATABASE_URL)\n")
const { DATABASE_URL: _, ...env } = process.env
const { stdout } = spawnSync(process.execPath, ['stem.js'], { env, encoding: 'utf8' })
const lines = stdout.trim().split('\n')
console.log(stdout.trim())
const isAsDescribed = lines.at(-1) === 'run of-the-project' && lines.length > 1
console.log(isAsDescribed ? 'as described' : 'CHANGED')
process.exit(isAsDescribed ? 0 : 1)
JS
node try.js
