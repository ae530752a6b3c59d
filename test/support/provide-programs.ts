import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { build, type Plugin } from 'esbuild'
import type { TestProject } from 'vitest/node'
import { bundled, HOOK_PROGRAM, HOOK_SCRIPT, ROOT, WORD_TABLE } from '../../scripts/bundle.ts'
import { buildPage } from '../../scripts/page.ts'
import { HOOK_LAUNCHER, PROGRAMS } from './test-programs.ts'

declare module 'vitest' {
  interface ProvidedContext {
    programs: string
  }
}

/** Once for a run: the programs that tests start, bundled. From the sources each start takes four times as long. */
export async function setup(project: TestProject): Promise<() => void> {
  const cache = join(ROOT, '.cache')
  mkdirSync(cache, { recursive: true })
  const folder = mkdtempSync(join(cache, 'test-programs-'))
  const entries = Object.fromEntries(PROGRAMS.map((path) => [basename(path, '.ts'), path]))
  for (const { fileName, code } of await bundled({ entries })) writeFileSync(join(folder, fileName), code)
  await build({ ...HOOK_PROGRAM, outdir: folder })
  await build({
    ...HOOK_PROGRAM,
    entryPoints: [HOOK_LAUNCHER],
    outExtension: {},
    footer: {},
    format: 'esm',
    plugins: [mainBeside],
    outdir: folder,
  })
  copyFileSync(HOOK_SCRIPT, join(folder, basename(HOOK_SCRIPT)))
  copyFileSync(WORD_TABLE, join(folder, basename(WORD_TABLE)))
  mkdirSync(join(folder, 'page'))
  const page = await buildPage()
  for (const [name, contents] of page.files) writeFileSync(join(folder, 'page', name), contents)
  project.provide('programs', folder)
  // The workers inherit it; servers of PostgreSQL are started before them, too (postgres-server.ts).
  const clusters = mkdtempSync(join(tmpdir(), 'agent-memory-clusters-'))
  process.env['TEST_POSTGRES_CLUSTERS'] = clusters
  return () => {
    for (const each of [folder, clusters]) rmSync(each, { recursive: true, force: true })
  }
}

/** A program that loads the product only when it needs it, from the file beside itself. */
const mainBeside: Plugin = {
  name: 'main-beside',
  setup({ onResolve }) {
    onResolve({ filter: /\/src\/main\.ts$/ }, () => ({ path: './main.js', external: true }))
  },
}
