import { existsSync } from 'node:fs'
import { expect, test } from 'vitest'
import { AppError } from '../../src/domain/errors.ts'
import { withApp } from './app.ts'
import { WorkerRefusal, withWorkers } from './process.ts'
import { refusal, refusalOf } from './refusal.ts'
import { until } from './until.ts'

test('an App is called through the pipeline, and leaves nothing behind', async () => {
  const folder = await withApp(async (t) => {
    const added = await t.call('memory_guideline', 'add', { name: 'a', content: 'b' })
    expect(added).toMatchObject({ name: 'a', created_by: 'tester', scope_type: 'project' })
    expect(await t.refused('memory_guideline', 'add', { name: 'a' })).toMatchObject({ name: 'MISSING_FIELD' })
    await expect(t.refused('memory_guideline', 'add', { name: 'c', content: 'd' })).rejects.toThrow(
      'a refusal was expected',
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
      const { body } = await refusalOf(WorkerRefusal, two.call('memory_guideline', 'add', add))
      expect(body.name).toBe('ALREADY_EXISTS')
      await one.kill()
      await expect(one.call('memory_guideline', 'add', add)).rejects.toThrow('worker ended')
      await two.stop()
    }),
  )
})

test('a wait that fails names what it waited for', async () => {
  let asked = 0
  expect(await until('the third', () => ++asked === 3 && asked)).toBe(3)
  await expect(until('the end of time', () => null, 30)).rejects.toThrow(
    'after 30 ms still waiting: the end of time',
  )
  await expect(until('an answer', () => new Promise<null>(() => {}), 30)).rejects.toThrow('an answer')
})

test('what is not refused, or ends in another error, fails the test and shows what came', async () => {
  const refused = new AppError('CONFLICT', 'no')
  expect(
    await refusal(() => {
      throw refused
    }),
  ).toBe(refused)
  await expect(refusal(async () => ({ id: 7 }))).rejects.toThrow('not { id: 7 }')
  await expect(refusal(Promise.reject(new Error('the disk is full')))).rejects.toThrow('the disk is full')
})
