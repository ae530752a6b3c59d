import { basename, join } from 'node:path'
import { inject } from 'vitest'

/** Programs that tests start beside themselves, each named as its file. */
export const PROGRAMS = [
  // With the page beside it, as in the package.
  'src/main.ts',
  'src/services/transfer/preparing/import-thread.ts',
  'src/services/embeddings/model-thread.ts',
  'test/support/worker.ts',
  'test/services/lease-counter.ts',
  'test/store/sqlite/opener.ts',
  'test/store/sqlite/starter.ts',
  'test/store/sqlite/filler.ts',
] as const

/** As clients start it: small, and on its own until no server answers. */
export const HOOK_LAUNCHER = 'test/support/hook-launcher.ts'

type FileOf<Path extends string> = Path extends `${string}/${infer Rest}` ? FileOf<Rest> : Path
type Program = FileOf<(typeof PROGRAMS)[number] | typeof HOOK_LAUNCHER>

/** Its path, as Node starts it: bundled at the beginning of the run (provide-programs.ts). */
export function testProgram(name: Program): string {
  return join(inject('programs'), `${basename(name, '.ts')}.js`)
}

/** Shared by all of them: they need not be compiled at each start. */
export function compileCache(): string {
  return join(inject('programs'), 'compiled')
}
