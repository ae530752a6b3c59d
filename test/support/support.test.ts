import { existsSync } from 'node:fs'
import { expect, test } from 'vitest'
import { withApp } from './app.ts'
import { WorkerRefusal, withWorkers } from './process.ts'

test('an App is called through the pipeline, and leaves nothing behind', async () => {
  const folder = await withApp(async (t) => {
    const added = await t.call('memory_guideline', 'add', { name: 'a', content: 'b' })
    expect(added).toMatchObject({ name: 'a', created_by: 'tester', scope_type: 'project' })
    expect(await t.refused('memory_guideline', 'add', { name: 'a' })).toMatchObject({ name: 'MISSING_FIELD' })
    await expect(t.refused('memory_guideline', 'add', { name: 'c', content: 'd' })).rejects.toThrow(
      'expected an error',
    )
    const other = await t.secondApp({ agentId: 'other' })
    expect(await other.refused('memory_guideline', 'add', { name: 'a', content: 'b' })).toMatchObject({
      name: 'ALREADY_EXISTS',
    })
    return t.dataDir
  })
  expect(existsSync(folder)).toBe(false)
})

test('workers are processes of their own on the same file', async () => {
  await withApp((t) =>
    withWorkers({ dataDir: t.dataDir, count: 2 }, async (one, two) => {
      const add = { name: 'a', content: 'b' }
      expect(await one.call('memory_guideline', 'add', add)).toMatchObject({ created_by: 'worker-1' })
      const refusal = await two.call('memory_guideline', 'add', add).catch((error: unknown) => error)
      expect(refusal).toBeInstanceOf(WorkerRefusal)
      await one.kill()
      await expect(one.call('memory_guideline', 'add', add)).rejects.toThrow('worker ended')
      await two.stop()
    }),
  )
})
