import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { BuildOptions } from 'esbuild'
import { build, type OutputChunk, type Plugin } from 'rolldown'

// How sources of ours become one program: the product (build.ts), and the programs that tests start.

export const ROOT = join(import.meta.dirname, '..')
/** Read at run time, from the folder of the program. */
export const WORD_TABLE = join(ROOT, 'src/store/search/words-44k.bin')

const { version } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { version: string }

/** The plugins that have found their file: one that moved would be bundled as it is, without a word. */
export const replaced = new Set<string>()

/** A plugin that gives a module another text. */
export function inPlaceOf(
  name: string,
  id: RegExp,
  textOf: (path: string) => string | Promise<string>,
): Plugin {
  return {
    name,
    load: {
      filter: { id },
      async handler(path) {
        replaced.add(name)
        return { code: await textOf(path), moduleType: 'js' }
      },
    },
  }
}

/** Zod brings its messages in some fifty languages, a third of the whole program; it is asked in English only. */
const englishZod = inPlaceOf(
  'english-zod',
  /zod[\\/]v4[\\/]locales[\\/]index\.js$/,
  () => "export { default as en } from './en.js'",
)

/** The scripts for Redis go into the program: one that runs on must not meet those of a later build. */
const luaInside = inPlaceOf('lua-inside', /redis[\\/]script-text\.ts$/, (path) => {
  const folder = join(path, '..', 'scripts')
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) =>
    name.endsWith('.lua'),
  )
  const texts = names.map((name) => [
    name.replace(/\.lua$/, '').replaceAll('\\', '/'),
    readFileSync(join(folder, name), 'utf8'),
  ])
  const table = JSON.stringify(Object.fromEntries(texts))
  return `const TEXTS = ${table}\nexport const scriptText = (name) => TEXTS[name]`
})

/** The MCP server package brings Ajv to check what people answer to its questions; ours asks none. */
const withoutAjv = inPlaceOf(
  'without-ajv',
  /modelcontextprotocol[\\/]server[\\/]dist[\\/]shimsNode\.mjs$/,
  () => `import process from 'node:process'
export { process }
export class DefaultJsonSchemaValidator {
  getValidator() {
    throw new Error('Ajv is left out of the bundle; see scripts/bundle.ts')
  }
}`,
)

/**
 * What each start loads, in one file: Node takes a third of a millisecond for every file, however small it is, and parts that are
 * loaded lazily would have it cut into some eighty. Each group has what its modules import, but for that of the group before.
 */
const LOADED_TOGETHER = [
  { name: 'start', priority: 2, test: /src[\\/](?:config|transports[\\/]log)\.ts$/ },
  {
    name: 'server',
    priority: 1,
    test: /src[\\/](?:app|app[\\/]embedded|store[\\/]sqlite[\\/]open|transports[\\/]mcp[\\/]stdio[\\/]serve)\.ts$/,
  },
]

interface Programs {
  /** Paths from the root by the names of their files, without `.js`. */
  readonly entries: Readonly<Record<string, string>>
  readonly plugins?: readonly Plugin[]
}

/** The programs as files that stand beside each other, the parts that they share and load lazily among them. Throws where one cannot be made. */
export async function bundled({ entries, plugins = [] }: Programs): Promise<readonly OutputChunk[]> {
  const { output } = await build({
    cwd: ROOT,
    input: entries,
    platform: 'node',
    resolve: { mainFields: ['module', 'main'] },
    transform: { target: 'node22.16', define: { __VERSION__: JSON.stringify(version) } },
    plugins: [englishZod, luaInside, withoutAjv, ...plugins],
    // What a server loads lazily, the command line may load at once.
    checks: { ineffectiveDynamicImport: false },
    write: false,
    output: {
      format: 'esm',
      chunkFileNames: 'chunk-[hash].js',
      codeSplitting: { groups: LOADED_TOGETHER },
      // What is shorter is read sooner, at each start.
      minify: true,
      comments: { legal: false },
    },
  })
  return output.filter((file) => file.type === 'chunk')
}

/** Started as it is, it is what clients run; `agent-memory hook run` loads it. */
const HOOK_START = `if (require.main === module) {
  process.argv[1] = require('node:path').join(__dirname, 'main.js')
  // What fails must not block the client.
  module.exports.answerHook(process, () => import('./main.js').then(({ ended }) => ended)).catch((error) => {
    process.stderr.write('agent-memory: this hook did nothing: ' + error + '\\n')
  })
}`

/** On its own, in one file, of the format that Node starts fastest: a client waits for its hooks before every edit. */
export const HOOK_PROGRAM = {
  absWorkingDir: ROOT,
  entryPoints: { hook: 'src/hook.ts' },
  outExtension: { '.js': '.cjs' },
  footer: { js: HOOK_START },
  bundle: true,
  minify: true,
  format: 'cjs',
  platform: 'node',
  target: 'node22.16',
  legalComments: 'none',
  logLevel: 'warning',
} satisfies BuildOptions

/** It asks before that, where there is a shell. */
export const HOOK_SCRIPT = join(ROOT, 'scripts/hook.sh')
