import { expect, test } from 'vitest'
import { withProgress } from '../../../src/transports/mcp/tools/progress.ts'

type Progress = { progress: number; total?: number; message?: string }

test('a call that reports nothing is heard of until it ends', async () => {
  const heard: Progress[] = []
  const enough = Promise.withResolvers<string>()
  const notifyProgress = (progress: Progress) => {
    heard.push(progress)
    if (heard.length === 3) enough.resolve('done')
  }
  expect(await withProgress({ notifyProgress }, () => enough.promise, 100)).toBe('done')
  expect(heard).toHaveLength(3)
  expect(heard.map(({ progress }) => progress)).toEqual(
    heard.map(({ progress }) => progress).toSorted((a, b) => a - b),
  )
  expect(heard.every(({ total, message }) => total === undefined && message !== undefined)).toBe(true)
})

test('a call that reports is heard of in its own numbers only', async () => {
  const heard: Progress[] = []
  await withProgress(
    { notifyProgress: (progress) => heard.push(progress) },
    async (report) => {
      report(1, 2)
      await new Promise((resolve) => setTimeout(resolve, 30))
      report(2, 2)
    },
    5,
  )
  expect(heard).toEqual([
    { progress: 1, total: 2 },
    { progress: 2, total: 2 },
  ])
})

test('a client that has not asked for progress gets none', async () => {
  expect(await withProgress({ notifyProgress: undefined }, async (report) => report(1, 2))).toBeUndefined()
})
