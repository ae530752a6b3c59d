import { execFileSync } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { build } from 'esbuild'
import type { Plugin } from 'rolldown'
import { ROOT } from './bundle.ts'

/** The SDK as packages get it: for the browser in one file, and the types of both ways in. */
export async function buildSdk(): Promise<{ files: Map<string, string | Uint8Array>; inputs: string[] }> {
  const { outputFiles, metafile } = await build({
    absWorkingDir: ROOT,
    entryPoints: { sdk: 'src/sdk/index.ts' },
    outdir: 'dist',
    write: false,
    bundle: true,
    format: 'esm',
    // Neither Node nor a browser: what is there in both.
    platform: 'neutral',
    mainFields: ['module', 'main'],
    target: 'es2022',
    legalComments: 'none',
    logLevel: 'warning',
    metafile: true,
  })
  const bundled = outputFiles.map(({ path, contents }): [string, Uint8Array] => [basename(path), contents])
  const files = new Map<string, string | Uint8Array>([...bundled, ...types()])
  return { files, inputs: Object.keys(metafile.inputs) }
}

/** The embedded memory and the client are one module, so that an error of either is an error of both. */
export const sdkBeside: Plugin = {
  name: 'sdk-beside',
  resolveId: { filter: { id: /^\.\/sdk\/index\.ts$/ }, handler: () => ({ id: './sdk.js', external: true }) },
}

/** What `agent-memory/embedded` is for a program that imports it. */
const EMBEDDED = `import type { OpenMemory } from './sdk/embedded.js'
export { AgentMemoryError, Memory } from './sdk/index.js'
export type * from './sdk/index.js'
/** Opens the database that the settings name. Throws AgentMemoryError where that cannot be done. */
export declare const openMemory: OpenMemory
`

/** The types of both ways in, as the compiler makes them of the sources. */
function types(): [string, string][] {
  const outDir = mkdtempSync(join(tmpdir(), 'agent-memory-types-'))
  const tsc = join(ROOT, 'node_modules/.bin/tsc')
  const emit = ['--declaration', '--emitDeclarationOnly', '--noEmit', 'false', '--outDir', outDir]
  try {
    execFileSync(process.execPath, [tsc, '-p', 'src/sdk', ...emit], { cwd: ROOT, stdio: 'inherit' })
    const made = readdirSync(outDir).map((name): [string, string] => [
      `types/sdk/${name}`,
      forOthers(readFileSync(join(outDir, name), 'utf8')),
    ])
    return [...made, ['types/embedded.d.ts', EMBEDDED]]
  } finally {
    rmSync(outDir, { recursive: true })
  }
}

/** Relative imports by the names that there are in the package. */
function forOthers(text: string): string {
  return text.replace(/(from\s+')(\.[^']*)\.ts'/g, "$1$2.js'")
}
