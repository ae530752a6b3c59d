import { execFile } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { promisify } from 'node:util'
import { build } from 'esbuild'
import { generate } from 'openapi-typescript-codegen'
import { expect, test } from 'vitest'
import { withPort } from '../../support/http.ts'

const ROOT = join(import.meta.dirname, '../../..')

/** A program whose author has nothing but /openapi.json. */
const PROGRAM = `import { ApiError, Client } from './client/index'

export async function work(address: string) {
  const { guideline, query, voting, fileLock } = new Client({ BASE: address, TOKEN: 'k1' })
  const made = await guideline.memoryGuidelineAdd({ scope_type: 'global', name: 'Tabs', content: 'Use tabs.', tags: ['a b', 'c'] })
  const found = await query.memoryQuerySearchByPost({ query: 'tabs', tags: { include: ['a b'] } })
  const changed = await guideline.memoryGuidelineUpdate(made.id, '"1"', undefined, { priority: 70 })
  const lost = await guideline.memoryGuidelineUpdate(made.id, '"1"', undefined, { priority: 80 }).catch((error: ApiError) => error)
  await voting.memoryVotingRecordVote({ task_id: 'color', vote_value: { a: null } })
  const lock = await fileLock.memoryFileLockCheckout(undefined, { file_path: '/srv/a.ts' })
  await fileLock.memoryFileLockCheckin('/srv/a.ts')
  return { made, found, changed, lost, lock }
}
`

test('a client that is generated from the document compiles, and works', () =>
  withPort(
    { env: { AGENT_MEMORY_HTTP_API_KEYS: 'k1:ann', AGENT_MEMORY_PERMISSIONS_MODE: 'permissive' } },
    async (port) => {
      mkdirSync(join(ROOT, '.cache'), { recursive: true })
      const folder = mkdtempSync(join(ROOT, '.cache/generated-client-'))
      try {
        const { body } = await port.ask('GET /openapi.json')
        await generate({
          input: { ...body },
          output: join(folder, 'client'),
          httpClient: 'fetch',
          clientName: 'Client',
          useUnionTypes: true,
        })
        writeFileSync(join(folder, 'program.ts'), PROGRAM)
        const options = ['--ignoreConfig', '--noEmit', '--strict', '--skipLibCheck', '--types', 'node']
        const module = [
          '--target',
          'es2022',
          '--lib',
          'es2022,dom',
          '--module',
          'esnext',
          '--moduleResolution',
          'bundler',
        ]
        const tsc = join(ROOT, 'node_modules/typescript/lib/tsc.js')
        const compiled = promisify(execFile)(process.execPath, [tsc, ...options, ...module, 'program.ts'], {
          cwd: folder,
        })
        expect((await compiled.catch((error: { stdout: string }) => error)).stdout).toBe('')
        const outfile = join(folder, 'program.mjs')
        await build({
          entryPoints: [join(folder, 'program.ts')],
          bundle: true,
          format: 'esm',
          platform: 'node',
          outfile,
        })
        const { work } = (await import(pathToFileURL(outfile).href)) as {
          work: (address: string) => Promise<object>
        }
        expect(await work(port.address)).toMatchObject({
          made: { name: 'Tabs', version: 1, created_by: 'ann' },
          found: { results: [{ name: 'Tabs' }] },
          changed: { version: 2, priority: 70 },
          lost: { status: 412, body: { error: { name: 'CONFLICT' } } },
          lock: { locked: true, agent_id: 'ann' },
        })
      } finally {
        rmSync(folder, { recursive: true })
      }
    },
  ))
