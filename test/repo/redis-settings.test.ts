import { expect, test } from 'vitest'
import { SETTINGS } from '../../src/config/settings.ts'
import { readGuide } from '../support/guide-shell.ts'

test('the guide for operators of Redis names every setting of it', () => {
  const page = readGuide('redis-distributed.md')
  const names = SETTINGS.map(({ variable }) => variable)
  const ofRedis = names.flatMap((name) => name.match(/^AGENT_MEMORY_REDIS_(.+)$/)?.[1] ?? [])
  expect(ofRedis.length).toBeGreaterThan(20)
  expect(ofRedis.filter((name) => !page.includes(`\`${name}\``))).toEqual([])
})
