import { copyFileSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { basename, join } from 'node:path'
import { build } from 'esbuild'
import type { TestProject } from 'vitest/node'
import { AS_ONE_PROGRAM, luaInside, ROOT, WORD_TABLE } from '../../scripts/bundle.ts'
import { PROGRAMS } from './test-programs.ts'

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
  await build({
    ...AS_ONE_PROGRAM,
    entryPoints: PROGRAMS.map((path) => ({ in: path, out: basename(path, '.ts') })),
    outdir: folder,
    plugins: [luaInside],
  })
  copyFileSync(WORD_TABLE, join(folder, basename(WORD_TABLE)))
  project.provide('programs', folder)
  return () => rmSync(folder, { recursive: true, force: true })
}
