#!/usr/bin/env bash
# esbuild 0.28.2 and yaml 2.9.1 (its entry for Node is CommonJS). Expected: `const { parse } = await import('yaml')` in a bundle
# gives what it gives in Node, whether or not the bundle is split into chunks.
# Seen: Node and a bundle of one piece give the named exports; the same bundle with `splitting: true` gives an object with
# `default` alone, so `parse` is undefined, without a warning. A static import of the name works in both.
# Here: src/services/transfer/yaml.ts takes a static import and is itself what is loaded lazily.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{"type":"module","private":true}' >package.json
npm install --silent --no-audit --no-fund esbuild@0.28.2 yaml@2.9.1
cat >dynamic.js <<'JS'
const { parse } = await import('yaml')
console.log(typeof parse)
JS
cat >static.js <<'JS'
import { parse } from 'yaml'
console.log(typeof parse)
JS
cat >try.js <<'JS'
import { execFileSync } from 'node:child_process'
import { build } from 'esbuild'

const banner = { js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);" }
const run = (file) => execFileSync(process.execPath, [file], { encoding: 'utf8' }).trim()
async function bundled(entry, splitting) {
  const outdir = `out-${splitting}`
  await build({ entryPoints: [entry], bundle: true, platform: 'node', format: 'esm', splitting, outdir, banner, logLevel: 'warning' })
  return run(`${outdir}/${entry}`)
}

const seen = [
  ['in Node', run('dynamic.js')],
  ['one piece', await bundled('dynamic.js', false)],
  ['split', await bundled('dynamic.js', true)],
  ['split, static import', await bundled('static.js', true)],
]
for (const [how, type] of seen) console.log(`${how.padEnd(22)} parse is ${type}`)
const isAsDescribed = seen.map(([, type]) => type).join() === 'function,function,undefined,function'
console.log(isAsDescribed ? 'as described' : 'CHANGED')
process.exit(isAsDescribed ? 0 : 1)
JS
node try.js
