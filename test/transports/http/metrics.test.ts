import { expect, test } from 'vitest'
import { testDatabase } from '../../support/database.ts'
import { type Port, withPort } from '../../support/http.ts'
import { testsRunOnRedis } from '../../support/redis-env.ts'

async function sampled(port: Port): Promise<Map<string, number>> {
  const response = await fetch(`${port.address}/metrics`)
  expect(response.headers.get('content-type')).toMatch(/^text\/plain; version=0\.0\.4/)
  const lines = (await response.text()).split('\n').filter((line) => line !== '' && !line.startsWith('#'))
  return new Map(
    lines.map((line) => {
      const at = line.lastIndexOf(' ')
      return [line.slice(0, at), Number(line.slice(at + 1))]
    }),
  )
}

test('calls are counted by operation and outcome, whichever way they come in', () =>
  withPort({}, async (port) => {
    const add = { name: 'Tabs', content: 'Use tabs.', scope_type: 'global' }
    await port.ask('POST /v1/guidelines', add)
    await port.ask('POST /v1/guidelines', add)
    await port.ask('POST /v1/locks', { file_path: '/srv/a.ts' })
    const metrics = await sampled(port)
    const calls = (operation: string, outcome: string) =>
      metrics.get(`agent_memory_calls_total{operation="${operation}",outcome="${outcome}"}`)
    expect(calls('memory_guideline add', 'ok')).toBe(1)
    expect(calls('memory_guideline add', 'ALREADY_EXISTS')).toBe(1)
    expect(metrics.get('agent_memory_call_duration_seconds_count{operation="memory_guideline add"}')).toBe(2)
    expect(metrics.get('agent_memory_locks_held')).toBe(1)
    expect(metrics.get('agent_memory_healthy')).toBe(1)
    expect(metrics.get('agent_memory_database_connected')).toBe(1)
    // Over Redis it is heard of, soon.
    await expect
      .poll(async () => (await sampled(port)).get('agent_memory_events_last_seq'))
      .toBeGreaterThan(1)
    expect(metrics.get('agent_memory_mcp_sessions')).toBe(0)
    expect(metrics.has('nodejs_eventloop_lag_seconds')).toBe(true)
  }))

test('events are counted as they are heard of, and the cache by its levels', () =>
  withPort({}, async (port, t) => {
    const other = await t.secondApp()
    await other.call('memory_guideline', 'add', { name: 'Tabs', content: 'Use.', scope_type: 'global' })
    const heard = async () => {
      const metrics = await sampled(port)
      return {
        created: metrics.get('agent_memory_events_total{type="entry.created"}'),
        lag: (metrics.get('agent_memory_event_lag_seconds_count') ?? 0) > 0,
      }
    }
    await expect.poll(heard).toEqual({ created: 1, lag: true })
    const hits = async () => (await sampled(port)).get('agent_memory_cache_hits_total{level="l1"}') ?? 0
    await port.ask('GET /v1/search?query=tabs')
    const before = await hits()
    await port.ask('GET /v1/search?query=tabs')
    expect(await hits()).toBeGreaterThan(before)
  }))

test('agents in a queue and open streams are counted; what there is not has no number', () =>
  withPort({}, async (port) => {
    await port.ask('POST /v1/locks', { file_path: '/srv/a.ts', agent_id: 'ann' })
    const waits = port.ask('POST /v1/locks', { file_path: '/srv/a.ts', agent_id: 'bob', wait_ms: 60_000 })
    const stream = await fetch(`${port.address}/v1/events`, { headers: { accept: 'text/event-stream' } })
    const counted = async () => {
      const metrics = await sampled(port)
      return [metrics.get('agent_memory_locks_waiting'), metrics.get('agent_memory_event_streams')]
    }
    await expect.poll(counted).toEqual([1, 1])
    expect((await sampled(port)).has('agent_memory_database_waiting')).toBe(testDatabase === 'postgresql')
    expect((await sampled(port)).has('agent_memory_redis_connected')).toBe(testsRunOnRedis)
    await stream.body?.cancel()
    await port.ask('DELETE /v1/locks?file_path=/srv/a.ts&agent_id=ann')
    expect((await waits).body).toMatchObject({ locked: true, agent_id: 'bob' })
  }))
