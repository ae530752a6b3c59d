import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { BuildOptions, Plugin } from 'esbuild'

// How sources of ours become one program: the product (build.ts), and the programs that tests start.

export const ROOT = join(import.meta.dirname, '..')
/** Read at run time, from the folder of the program. */
export const WORD_TABLE = join(ROOT, 'src/store/search/words-44k.bin')

const { version } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { version: string }

/** The plugins that have found their file: one that moved would be bundled as it is, without a word. */
export const replaced = new Set<string>()

/** Zod brings its messages in some fifty languages, a third of the whole program; it is asked in English only. */
const englishZod: Plugin = {
  name: 'english-zod',
  setup({ onLoad }) {
    onLoad({ filter: /zod[\\/]v4[\\/]locales[\\/]index\.js$/ }, () => ({
      contents: "export { default as en } from './en.js'",
    }))
  },
}

/** The scripts for Redis go into the program: one that runs on must not meet those of a later build. */
const luaInside: Plugin = {
  name: 'lua-inside',
  setup({ onLoad }) {
    onLoad({ filter: /redis[\\/]script-text\.ts$/ }, ({ path }) => {
      replaced.add('lua-inside')
      const folder = join(path, '..', 'scripts')
      const names = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) =>
        name.endsWith('.lua'),
      )
      const texts = names.map((name) => [
        name.replace(/\.lua$/, '').replaceAll('\\', '/'),
        readFileSync(join(folder, name), 'utf8'),
      ])
      const table = JSON.stringify(Object.fromEntries(texts))
      return {
        contents: `const TEXTS = ${table}\nexport const scriptText = (name) => TEXTS[name]`,
        watchFiles: [],
      }
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

export const AS_ONE_PROGRAM = {
  absWorkingDir: ROOT,
  bundle: true,
  splitting: true,
  format: 'esm',
  platform: 'node',
  target: 'node22.16',
  mainFields: ['module', 'main'],
  chunkNames: 'chunk-[hash]',
  define: { __VERSION__: JSON.stringify(version) },
  // Packages of the older module format ask for Node's own modules by `require`, which an ES module does not have.
  banner: {
    js: "import{createRequire as __createRequire}from'node:module';const require=__createRequire(import.meta.url);",
  },
  // What is shorter is read sooner, at each start.
  minify: true,
  legalComments: 'none',
  plugins: [englishZod, luaInside, withoutAjv],
  logLevel: 'warning',
} satisfies BuildOptions

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
