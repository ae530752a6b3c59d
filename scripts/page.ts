import { readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { build } from 'esbuild'
import { ROOT } from './bundle.ts'

const SOURCES = join(ROOT, 'src/page')

/** The files of the page by their names, and what went into them. Each but index.html is named by what is in it. */
export async function buildPage(): Promise<{ files: Map<string, string | Uint8Array>; inputs: string[] }> {
  const { outputFiles, metafile } = await build({
    absWorkingDir: ROOT,
    entryPoints: ['src/page/main.tsx', 'src/page/style/page.css', 'src/page/icon.svg'],
    tsconfig: 'src/page/tsconfig.json',
    outdir: 'dist/page',
    entryNames: '[name]-[hash]',
    loader: { '.svg': 'copy' },
    write: false,
    bundle: true,
    minify: true,
    format: 'esm',
    platform: 'browser',
    target: ['chrome123', 'firefox120', 'safari17.5'],
    legalComments: 'none',
    logLevel: 'warning',
    metafile: true,
  })
  const files = new Map<string, string | Uint8Array>(
    outputFiles.map(({ path, contents }) => [basename(path), contents]),
  )
  const named = (pattern: RegExp) => {
    const name = [...files.keys()].find((one) => pattern.test(one))
    if (name === undefined) throw new Error(`page.ts: nothing was made like ${pattern}`)
    return `/page/${name}`
  }
  const index = readFileSync(join(SOURCES, 'index.html'), 'utf8')
    .replace('%icon%', named(/^icon-.*\.svg$/))
    .replace('%style%', named(/^page-.*\.css$/))
    .replace('%script%', named(/^main-.*\.js$/))
  files.set('index.html', index)
  return { files, inputs: Object.keys(metafile.inputs) }
}
