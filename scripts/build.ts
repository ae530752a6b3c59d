import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { build, type Plugin } from 'esbuild'
import { AS_ONE_PROGRAM, luaInside, ROOT, replaced, WORD_TABLE } from './bundle.ts'
import { thirdPartyLicenses } from './licenses.ts'

// Bundles the program into dist/: main.js (the launcher), program.js and a chunk for each lazily imported part.
// `--clean` also removes what earlier builds left. Otherwise that stays for a day: a server that was started
// before this build may still have to load one of its chunks.

const DIST = join(ROOT, 'dist')
const DAY_MS = 86_400_000

/** Zod brings its messages in some fifty languages, a third of the whole program; it is asked in English only. */
const englishZod: Plugin = {
  name: 'english-zod',
  setup({ onLoad }) {
    onLoad({ filter: /zod[\\/]v4[\\/]locales[\\/]index\.js$/ }, () => ({
      contents: "export { default as en } from './en.js'",
    }))
  },
}

/** The listed tools as they are in the end: making them takes schemas that a server needs only for its first call. */
const finishedToolList: Plugin = {
  name: 'finished-tool-list',
  setup({ onLoad }) {
    onLoad({ filter: /mcp[\\/]tools[\\/]tool-list\.ts$/ }, async () => {
      replaced.add('finished-tool-list')
      const { TOOL_LIST } = await import('../src/transports/mcp/tools/tool-list.ts')
      const json = JSON.stringify(JSON.stringify(TOOL_LIST))
      return { contents: `export const TOOL_LIST = JSON.parse(${json})` }
    })
  },
}

/** The MCP server package brings Ajv to check what people answer to its questions; ours asks none. */
const withoutAjv: Plugin = {
  name: 'without-ajv',
  setup({ onLoad }) {
    onLoad({ filter: /modelcontextprotocol[\\/]server[\\/]dist[\\/]shimsNode\.mjs$/ }, () => {
      replaced.add('without-ajv')
      return {
        contents: `import process from 'node:process'
export { process }
export class DefaultJsonSchemaValidator {
  getValidator() {
    throw new Error('Ajv is left out of the bundle; see scripts/build.ts')
  }
}`,
      }
    })
  },
}

const result = await build({
  ...AS_ONE_PROGRAM,
  entryPoints: { program: 'src/main.ts' },
  outdir: DIST,
  write: false,
  minify: true,
  plugins: [englishZod, luaInside, finishedToolList, withoutAjv],
  legalComments: 'none',
  metafile: true,
})
/** On its own, in one file: a client waits for its hooks before every edit. */
const hook = await build({
  absWorkingDir: ROOT,
  entryPoints: { hook: 'src/hook.ts' },
  outdir: DIST,
  write: false,
  bundle: true,
  minify: true,
  format: 'esm',
  platform: 'node',
  target: 'node22.16',
  legalComments: 'none',
  logLevel: 'warning',
})
const lost = ['lua-inside', 'finished-tool-list', 'without-ajv'].filter((name) => !replaced.has(name))
if (lost.length > 0) throw new Error(`build.ts: no file was found for ${lost.join(', ')}`)

const files = new Map<string, string | Uint8Array>([
  ['THIRD_PARTY_LICENSES.txt', thirdPartyLicenses(ROOT, Object.keys(result.metafile.inputs))],
  ...chunksFirst(result.outputFiles.map((file) => [basename(file.path), file.contents])),
  ...hook.outputFiles.map((file): [string, Uint8Array] => [basename(file.path), file.contents]),
  ['words-30k.bin', readFileSync(WORD_TABLE)],
  ['main.js', readFileSync(join(ROOT, 'scripts/launcher.js'))],
])

mkdirSync(DIST, { recursive: true })
for (const [name, contents] of files) replaceFile(name, contents)
removeOldFiles(process.argv.includes('--clean') ? 0 : DAY_MS)

const bytes = [...files.values()].reduce((sum, contents) => sum + contents.length, 0)
process.stderr.write(`dist: ${files.size} files, ${(bytes / 1024).toFixed(0)} KB\n`)

/** Whoever starts the program during a build gets a whole old or a whole new one. */
function chunksFirst(outputs: [string, Uint8Array][]): [string, Uint8Array][] {
  return outputs.toSorted(([a], [b]) => Number(a === 'program.js') - Number(b === 'program.js'))
}

function replaceFile(name: string, contents: string | Uint8Array): void {
  const temporary = join(DIST, `.${name}.${process.pid}`)
  writeFileSync(temporary, contents, { mode: name === 'main.js' ? 0o755 : 0o644 })
  renameSync(temporary, join(DIST, name))
}

function removeOldFiles(keepMs: number): void {
  for (const name of readdirSync(DIST)) {
    const path = join(DIST, name)
    if (!files.has(name) && statSync(path).mtimeMs <= Date.now() - keepMs) rmSync(path, { recursive: true })
  }
}
