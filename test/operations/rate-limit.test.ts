import { expect, test } from 'vitest'
import { withApp } from '../support/app.ts'
import { withCli } from '../support/cli.ts'
import { withClient } from '../support/mcp.ts'
import { redisEnv, removeRedisKeys, testsRunOnRedis } from '../support/redis-env.ts'

const LIMITED = {
  AGENT_MEMORY_RATE_LIMIT: 'true',
  AGENT_MEMORY_RATE_LIMIT_PER_AGENT: '5',
  AGENT_MEMORY_RATE_LIMIT_GLOBAL: '8',
}
const ann = { agentId: 'ann' }
const bob = { agentId: 'bob' }

test('calls are not counted unless a setting asks for it', async () => {
  for (const value of ['', 'false', '0'])
    await withApp({ env: { ...LIMITED, AGENT_MEMORY_RATE_LIMIT: value } }, async (t) => {
      for (let n = 0; n < 10; n++) await t.call('memory_tag', 'list')
      expect(t.app.pipeline.admit).toBeUndefined()
    })
})

test('the call after the last that an agent has in a minute is refused, with when to come again, and does nothing', () =>
  withApp({ env: LIMITED }, async (t) => {
    for (let n = 0; n < 5; n++)
      await t.call('memory_guideline', 'add', { name: `n${n}`, content: 'text' }, ann)
    const refusal = await t.refused('memory_guideline', 'add', { name: 'one more', content: 'text' }, ann)
    expect(refusal).toMatchObject({
      code: 'E6002',
      name: 'RATE_LIMITED',
      message: 'This agent has made the 5 calls that a minute has room for.',
      details: { retry_after_ms: expect.any(Number), limit: 5, limit_of: 'agent' },
    })
    const { retry_after_ms } = refusal.details as { retry_after_ms: number }
    expect(retry_after_ms).toBeGreaterThan(0)
    expect(retry_after_ms).toBeLessThanOrEqual(60_000 / 5)
    expect(refusal.suggestion).toContain(`Wait ${retry_after_ms} ms`)
    expect(refusal.suggestion).toContain('AGENT_MEMORY_RATE_LIMIT_PER_AGENT')
    const { entries } = await t.call<{ entries: object[] }>('memory_guideline', 'list', {}, bob)
    expect(entries).toHaveLength(5)
  }))

test('all agents together are limited too, and health always answers', () =>
  withApp({ env: LIMITED }, async (t) => {
    for (const agentId of ['ann', 'ann', 'ann', 'ann', 'bob', 'bob', 'bob', 'bob'])
      await t.call('memory_tag', 'list', {}, { agentId })
    expect(await t.refused('memory_tag', 'list', {}, { agentId: 'cid' })).toMatchObject({
      name: 'RATE_LIMITED',
      details: { limit: 8, limit_of: 'global' },
      suggestion: expect.stringContaining('AGENT_MEMORY_RATE_LIMIT_GLOBAL'),
    })
    for (let n = 0; n < 20; n++)
      expect(await t.call('memory_health', null, {}, ann)).toMatchObject({ status: 'healthy' })
  }))

test('instances count together over Redis, each for itself without', () =>
  withApp({ env: LIMITED }, async (one) => {
    const two = await one.secondApp()
    for (let n = 0; n < 5; n++) await one.call('memory_tag', 'list', {}, ann)
    const answer = await two.call('memory_tag', 'list', {}, ann).catch((error: Error) => error.message)
    if (testsRunOnRedis) expect(answer).toContain('the 5 calls')
    else expect(answer).toMatchObject({ tags: [] })
  }))

test('a client of MCP reads the refusal as data, whatever name it gives itself', () =>
  withClient({ env: LIMITED }, async (client) => {
    const ask = (name: string, args = {}) => client.callTool({ name, arguments: args })
    for (let n = 0; n < 8; n++) await ask('memory_tag', { action: 'list', agent_id: `agent-${n}` })
    expect(await ask('memory_tag', { action: 'list', agent_id: 'another' })).toMatchObject({
      isError: true,
      structuredContent: {
        error: { code: 'E6002', name: 'RATE_LIMITED', details: { retry_after_ms: expect.any(Number) } },
      },
    })
    expect((await ask('memory_health')).isError).toBeFalsy()
  }))

test('commands of a shell are counted where there is something that counts them together', () =>
  withCli(async (run) => {
    const env = { ...LIMITED, ...redisEnv(run.dataDir) }
    const codes: number[] = []
    for (let n = 0; n < 6; n++) codes.push((await run(['tag', 'list', '--agent-id', 'ann'], { env })).code)
    expect(codes).toEqual([0, 0, 0, 0, 0, testsRunOnRedis ? 1 : 0])
    await removeRedisKeys(run.dataDir)
  }))
