import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { build } from 'esbuild'
import type { TestProject } from 'vitest/node'
import { bundled, HOOK_PROGRAM, HOOK_SCRIPT, ROOT, WORD_TABLE } from '../../scripts/bundle.ts'
import { buildPage } from '../../scripts/page.ts'
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
  const entries = Object.fromEntries(PROGRAMS.map((path) => [basename(path, '.ts'), path]))
  for (const { fileName, code } of await bundled({ entries })) writeFileSync(join(folder, fileName), code)
  await build({ ...HOOK_PROGRAM, outdir: folder })
  copyFileSync(HOOK_SCRIPT, join(folder, basename(HOOK_SCRIPT)))
  copyFileSync(WORD_TABLE, join(folder, basename(WORD_TABLE)))
  mkdirSync(join(folder, 'page'))
  const page = await buildPage()
  for (const [name, contents] of page.files) writeFileSync(join(folder, 'page', name), contents)
  project.provide('programs', folder)
  return () => rmSync(folder, { recursive: true, force: true })
}
