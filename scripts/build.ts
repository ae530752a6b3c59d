import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { basename, dirname, join, relative } from 'node:path'
import { build } from 'esbuild'
import type { OutputChunk } from 'rolldown'
import { bundled, HOOK_PROGRAM, HOOK_SCRIPT, inPlaceOf, ROOT, replaced, WORD_TABLE } from './bundle.ts'
import { thirdPartyLicenses } from './licenses.ts'
import { buildPage } from './page.ts'
import { buildSdk, sdkBeside } from './sdk.ts'

// Bundles the program into dist/: main.js (the launcher), program.js and a chunk for each lazily imported part; sdk.js and
// embedded.js are what others import, import-thread.js and model-thread.js are started as threads beside them.
// `--clean` also removes what earlier builds left. Otherwise that stays for a day: a server that was started
// before this build may still have to load one of its chunks.

const DIST = join(ROOT, 'dist')
const DAY_MS = 86_400_000

/** The listed tools as they are in the end: making them takes schemas that a server needs only for its first call. */
const finishedToolList = inPlaceOf('finished-tool-list', /mcp[\\/]tools[\\/]tool-list\.ts$/, async () => {
  const { TOOL_LIST } = await import('../src/transports/mcp/tools/tool-list.ts')
  return `export const TOOL_LIST = JSON.parse(${JSON.stringify(JSON.stringify(TOOL_LIST))})`
})

const chunks = await bundled({
  entries: {
    program: 'src/main.ts',
    embedded: 'src/embedded.ts',
    'import-thread': 'src/services/transfer/preparing/import-thread.ts',
    'model-thread': 'src/services/embeddings/model-thread.ts',
  },
  plugins: [finishedToolList, sdkBeside],
})
const hook = await build({ ...HOOK_PROGRAM, outdir: DIST, write: false })
const page = await buildPage()
const sdk = await buildSdk()
const lost = ['lua-inside', 'finished-tool-list', 'without-ajv'].filter((name) => !replaced.has(name))
if (lost.length > 0) throw new Error(`build.ts: no file was found for ${lost.join(', ')}`)

const files = new Map<string, string | Uint8Array>([
  [
    'THIRD_PARTY_LICENSES.txt',
    thirdPartyLicenses(ROOT, [...chunks.flatMap(modulesOf), ...page.inputs, ...sdk.inputs]),
  ],
  ...chunksFirst(chunks).map(({ fileName, code }): [string, string] => [fileName, code]),
  ...hook.outputFiles.map((file): [string, Uint8Array] => [basename(file.path), file.contents]),
  ...[...page.files].map(([name, contents]): [string, string | Uint8Array] => [`page/${name}`, contents]),
  ...sdk.files,
  ['words-44k.bin', readFileSync(WORD_TABLE)],
  ['hook.sh', readFileSync(HOOK_SCRIPT)],
  ['main.js', readFileSync(join(ROOT, 'scripts/launcher.js'))],
])

for (const name of files.keys()) mkdirSync(join(DIST, dirname(name)), { recursive: true })
for (const [name, contents] of files) replaceFile(name, contents)
removeOldFiles(process.argv.includes('--clean') ? 0 : DAY_MS)

const bytes = [...files.values()].reduce((sum, contents) => sum + contents.length, 0)
process.stderr.write(`dist: ${files.size} files, ${(bytes / 1024).toFixed(0)} KB\n`)

/** A process that starts during a build gets a whole old or a whole new one. */
function chunksFirst(outputs: readonly OutputChunk[]): OutputChunk[] {
  return outputs.toSorted((a, b) => Number(a.isEntry) - Number(b.isEntry))
}

function modulesOf({ moduleIds }: OutputChunk): string[] {
  return moduleIds.map((path) => relative(ROOT, path))
}

function replaceFile(name: string, contents: string | Uint8Array): void {
  const temporary = join(DIST, dirname(name), `.${basename(name)}.${process.pid}`)
  writeFileSync(temporary, contents, { mode: name === 'main.js' ? 0o755 : 0o644 })
  renameSync(temporary, join(DIST, name))
}

function removeOldFiles(keepMs: number): void {
  for (const name of readdirSync(DIST, { recursive: true, encoding: 'utf8' })) {
    const path = join(DIST, name)
    if (files.has(name.replaceAll('\\', '/')) || statSync(path).isDirectory()) continue
    if (statSync(path).mtimeMs <= Date.now() - keepMs) rmSync(path)
  }
}
