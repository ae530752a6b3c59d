import { mkdtempSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type TestApp, withApp } from '../support/app.ts'
import { onnxRunner } from '../support/onnx-runner.ts'
import { makeSentenceModel } from '../support/sentence-model.ts'

const runner = onnxRunner()
const dataDir = mkdtempSync(join(tmpdir(), 'agent-memory-onnx-'))

beforeAll(() => {
  if (runner) symlinkSync(runner, join(dataDir, 'node_modules'))
  makeSentenceModel(join(dataDir, 'sentences'))
})
afterAll(() => rmSync(dataDir, { recursive: true }))

const env = (model: string) => ({
  AGENT_MEMORY_EMBEDDINGS: 'local',
  AGENT_MEMORY_EMBEDDINGS_MODEL: model,
  // The first question also loads the model, on a machine that may be busy.
  AGENT_MEMORY_EMBEDDINGS_WAIT_MS: '60000',
})

const state = (t: TestApp) => t.call<Record<string, unknown>>('memory_query', 'reindex', {})

test.skipIf(!runner)('an ONNX model from a folder gives entries and questions their vectors', () =>
  withApp({ dataDir, env: env('sentences') }, async (t) => {
    t.app.announce()
    const fillers = Array.from({ length: 30 }, (_, n) => ({
      name: `note ${n}`,
      content: `Chart colours of panel ${n}`,
    }))
    const entries = [...fillers, { name: 'the yard', content: 'Ships come from the ocean' }]
    await t.call('memory_knowledge', 'bulk_add', { entries })
    await expect
      .poll(() => state(t))
      .toMatchObject({ state: 'ready', model: 'local:sentences', dimensions: 100, embedded: 31 })
    const asked = async (mode: string) => {
      const { results } = await t.call('memory_query', 'search', { query: 'maritime', mode })
      return results.map(({ name }) => name)
    }
    expect((await asked('semantic'))[0]).toBe('the yard')
    expect(await asked('lexical')).toEqual([])
  }),
)

test.skipIf(!runner)('a folder without a model costs nothing but the vectors, and is named', () =>
  withApp({ dataDir, env: env('elsewhere') }, async (t) => {
    t.app.announce()
    await t.call('memory_knowledge', 'add', { name: 'walrus', content: 'It swims' })
    const { results } = await t.call('memory_query', 'search', { query: 'walrus' })
    expect(results[0]?.name).toBe('walrus')
    await expect
      .poll(() => state(t))
      .toMatchObject({
        state: 'failing',
        error: `There is no ONNX model that can be read in ${join(dataDir, 'elsewhere')}.`,
      })
  }),
)
