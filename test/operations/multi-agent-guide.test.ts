import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { withApp } from '../support/app.ts'
import { testsRunOnRedis } from '../support/redis-env.ts'

const GUIDE = new URL('../../docs/guides/multi-agent.md', import.meta.url)

interface Example {
  readonly tool: string
  readonly call: Readonly<Record<string, unknown>>
  readonly answer: unknown
}

/** `tool {…}` in a code block, with `→ {…}` below it. */
function examples(markdown: string): Example[] {
  const found = markdown.matchAll(/^(memory_\w+) (\{.*\})\n→ (\{.*\})$/gm)
  return [...found].map(([, tool = '', call = '', answer = '']) => ({
    tool,
    call: JSON.parse(call) as Record<string, unknown>,
    answer: JSON.parse(answer, (_key, value: unknown) =>
      value === '…' ? expect.any(String) : value,
    ) as unknown,
  }))
}

/** Over Redis an event also says whose it is and of which epoch. */
function withoutEpoch(answer: Record<string, unknown>): unknown {
  const { events } = answer
  if (!testsRunOnRedis || !Array.isArray(events)) return answer
  return {
    ...answer,
    events: events.map(({ ns: _ns, epoch: _epoch, ...event }: Record<string, unknown>) => event),
  }
}

test('the guide for several agents shows what really happens', () =>
  withApp(async (t) => {
    const text = readFileSync(GUIDE, 'utf8')
    const all = examples(text)
    expect(all).toHaveLength(text.match(/^→ /gm)?.length ?? -1)
    for (const { tool, call, answer } of all) {
      const { action, agent_id: agentId = 'tester', ...args } = call
      const answered = await t.call(tool, String(action), args, { agentId: String(agentId) })
      expect(withoutEpoch(answered)).toEqual(answer)
    }
  }))
