import { expect, test } from 'vitest'
import { type Port, withPort } from '../../support/http.ts'

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
    expect(metrics.get('agent_memory_events_last_seq')).toBeGreaterThan(1)
    expect(metrics.get('agent_memory_mcp_sessions')).toBe(0)
    expect(metrics.has('nodejs_eventloop_lag_seconds')).toBe(true)
  }))
