import { rename } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { openTestApp } from '../../support/app.ts'
import { openEmbeddingService } from '../../support/embedding-service.ts'

test('an App that was giving entries their vectors closes although its database is gone', async () => {
  const service = await openEmbeddingService()
  try {
    const t = await openTestApp({
      env: { AGENT_MEMORY_EMBEDDINGS: 'openai', AGENT_MEMORY_EMBEDDINGS_URL: service.url },
    })
    t.app.announce()
    await t.call('memory_knowledge', 'add', { name: 'garage', content: 'An automobile stands there' })
    await expect
      .poll(() => t.call('memory_query', 'reindex', {}))
      .toMatchObject({ state: 'ready', embedded: 1 })
    await rename(join(t.dataDir, 'memory.db'), join(t.dataDir, 'elsewhere.db'))
    await t.close()
  } finally {
    await service.close()
  }
})
