import { expect, test } from 'vitest'
import { type TestApp, withApp } from '../support/app.ts'
import { withWorkers } from '../support/process.ts'

const TOOL = 'memory_voting'

function vote(t: TestApp, agentId: string, value: unknown, more: object = {}) {
  return t.call(TOOL, 'record_vote', { task_id: 'task', vote_value: value, ...more }, { agentId })
}

test('a vote is answered whole, and a second one of the same agent replaces it', () =>
  withApp(async (t) => {
    const first = await vote(t, 'ann', { b: 1, a: 2 }, { confidence: 0.1, reasoning: 'because' })
    expect(first).toMatchObject({
      task_id: 'task',
      agent_id: 'ann',
      confidence: 0.1,
      reasoning: 'because',
      replaced: false,
    })
    expect(Object.keys(first['vote_value'] as object)).toEqual(['b', 'a'])
    const second = await vote(t, 'ann', 'no')
    expect(second).toMatchObject({ vote_value: 'no', confidence: null, reasoning: null, replaced: true })
    expect(second['created_at']).toBe(first['created_at'])
    const { votes } = await t.call<{ votes: object[] }>(TOOL, 'list_votes', { task_id: 'task' })
    expect(votes).toHaveLength(1)
    expect(votes[0]).toMatchObject({ agent_id: 'ann', vote_value: 'no' })
  }))

test('values are equal by content; consensus is a lead of k with a quorum', () =>
  withApp(async (t) => {
    const ask = (args: object = {}) => t.call(TOOL, 'get_consensus', { task_id: 'task', ...args })
    expect(await ask()).toMatchObject({ has_consensus: false, votes: 0, margin: 0, tally: [], values: 0 })
    await vote(t, 'ann', { x: 1, y: [null] })
    await vote(t, 'bob', { y: [null], x: 1 })
    await vote(t, 'cid', 'other')
    const answer = await ask()
    expect(answer).toMatchObject({
      has_consensus: true,
      winning_value: { x: 1, y: [null] },
      votes: 3,
      margin: 1,
      values: 2,
    })
    expect(answer['tally']).toEqual([
      { value: { x: 1, y: [null] }, votes: 2 },
      { value: 'other', votes: 1 },
    ])
    expect(await ask({ k: 2 })).toMatchObject({ has_consensus: false, margin: 1 })
    expect(await ask({ quorum: 4 })).toMatchObject({ has_consensus: false })
    await vote(t, 'cid', { x: 1, y: [null] })
    expect(await ask({ k: 3, quorum: 3 })).toMatchObject({ has_consensus: true, margin: 3 })
    await vote(t, 'dan', 'other', { task_id: 'another task' })
    expect(await ask()).toMatchObject({ votes: 3 })
  }))

test('null, false, 0 and the empty text are values; a winning null is shown', () =>
  withApp(async (t) => {
    await vote(t, 'ann', null)
    const answer = await t.call(TOOL, 'get_consensus', { task_id: 'task' })
    expect(answer['has_consensus']).toBe(true)
    expect(answer).toHaveProperty('winning_value', null)
    for (const [agent, value] of [
      ['bob', false],
      ['cid', 0],
      ['dan', ''],
    ] as const)
      await vote(t, agent, value)
    expect(await t.call(TOOL, 'get_consensus', { task_id: 'task' })).toMatchObject({
      votes: 4,
      values: 4,
      margin: 0,
    })
  }))

test('every different answer is counted; a hundred are shown', () =>
  withApp(async (t) => {
    const votes = Array.from({ length: 120 }, (_, i) => vote(t, `agent-${i}`, `value-${i}`))
    await Promise.all(votes)
    const answer = await t.call<{ tally: object[] }>(TOOL, 'get_consensus', { task_id: 'task' })
    expect(answer).toMatchObject({ votes: 120, values: 120, has_consensus: false })
    expect(answer.tally).toHaveLength(100)
  }))

test('list_votes pages through every vote once', () =>
  withApp(async (t) => {
    const agents = ['ann', 'bob', 'cid', 'dan', 'eve']
    for (const agent of agents) await vote(t, agent, agent)
    const seen: string[] = []
    let cursor: string | undefined
    do {
      const page = await t.call<{ votes: { agent_id: string }[]; next_cursor?: string }>(TOOL, 'list_votes', {
        task_id: 'task',
        limit: 2,
        cursor,
      })
      seen.push(...page.votes.map((entry) => entry.agent_id))
      cursor = page.next_cursor
    } while (cursor)
    expect(seen).toEqual(agents)
    expect(await t.refused(TOOL, 'list_votes', { task_id: 'task', cursor: 'nonsense' })).toMatchObject({
      name: 'INVALID_PARAMETER',
    })
  }))

test('get_stats counts one task, or all', () =>
  withApp(async (t) => {
    const none = {
      tasks: 0,
      votes: 0,
      agents: 0,
      average_confidence: null,
      first_vote_at: null,
      last_vote_at: null,
    }
    expect(await t.call(TOOL, 'get_stats')).toEqual(none)
    expect(await t.call(TOOL, 'get_stats', { task_id: 'task' })).toEqual({
      task_id: 'task',
      ...none,
      tally: [],
      values: 0,
    })
    await vote(t, 'ann', 1, { confidence: 0.5 })
    await vote(t, 'bob', 1, { confidence: 1 })
    await vote(t, 'bob', 2, { task_id: 'second' })
    expect(await t.call(TOOL, 'get_stats')).toMatchObject({
      tasks: 2,
      votes: 3,
      agents: 2,
      average_confidence: 0.75,
    })
    expect(await t.call(TOOL, 'get_stats', { task_id: 'second' })).toMatchObject({
      tasks: 1,
      votes: 1,
      agents: 1,
      average_confidence: null,
      tally: [{ value: 2, votes: 1 }],
      values: 1,
    })
  }))

test.each([
  [{ vote_value: 1 }, 'MISSING_FIELD', 'task_id'],
  [{ task_id: 'task' }, 'MISSING_FIELD', 'vote_value'],
  [{ task_id: ' ', vote_value: 1 }, 'INVALID_PARAMETER', 'task_id'],
  [{ task_id: 'x'.repeat(513), vote_value: 1 }, 'TOO_LARGE', 'task_id'],
  [{ task_id: 'task', vote_value: 'x'.repeat(16_384) }, 'TOO_LARGE', 'vote_value'],
  [{ task_id: 'task', vote_value: nested(65) }, 'TOO_LARGE', 'vote_value'],
  [{ task_id: 'task', vote_value: 1, confidence: 1.1 }, 'INVALID_PARAMETER', 'confidence'],
  [{ task_id: 'task', vote_value: 1, reasoning: 'x'.repeat(16_385) }, 'TOO_LARGE', 'reasoning'],
  [{ task_id: 'task', vote_value: 1, confidense: 1 }, 'UNKNOWN_PARAMETER', "Did you mean 'confidence'"],
])('a bad vote is refused with the argument named (%#)', (args, name, text) =>
  withApp(async (t) => {
    const error = await t.refused(TOOL, 'record_vote', args)
    expect(error.name).toBe(name)
    expect(error.message).toContain(text)
  }),
)

test('the largest values that are allowed come back whole', () =>
  withApp(async (t) => {
    for (const value of ['x'.repeat(16_382), nested(64), '\u0000 \ud800 é', { ['__proto__']: 1 }]) {
      const answer = await vote(t, 'ann', value)
      expect(answer['vote_value']).toEqual(JSON.parse(JSON.stringify(value)))
      const { tally } = await t.call<{ tally: object[] }>(TOOL, 'get_consensus', { task_id: 'task' })
      expect(tally).toEqual([{ value: JSON.parse(JSON.stringify(value)), votes: 1 }])
    }
  }))

test.each([0, -1, 1.5, 'one', '0'])('k: %j is refused', (k) =>
  withApp(async (t) => {
    expect(await t.refused(TOOL, 'get_consensus', { task_id: 'task', k })).toMatchObject({
      name: 'INVALID_PARAMETER',
    })
  }),
)

test('two processes that replace the same votes at once leave one vote an agent, all of them acknowledged', () =>
  withApp((t) =>
    withWorkers({ dataDir: t.dataDir, count: 2 }, async (one, two) => {
      const agents = ['ann', 'bob', 'cid', 'dan']
      const rounds = Array.from({ length: 15 }, (_, round) => round)
      const answers = await Promise.all(
        [one, two].flatMap((worker, place) =>
          rounds.flatMap((round) =>
            agents.map((agentId) =>
              worker.call(
                TOOL,
                'record_vote',
                { task_id: 'task', vote_value: `${place}-${round}` },
                { agentId },
              ),
            ),
          ),
        ),
      )
      expect(answers.filter((answer) => answer['replaced'] === false)).toHaveLength(agents.length)
      const { votes } = await t.call<{ votes: { agent_id: string }[] }>(TOOL, 'list_votes', {
        task_id: 'task',
      })
      expect(votes.map((entry) => entry.agent_id)).toEqual(agents)
      const stats = await t.call(TOOL, 'get_stats', { task_id: 'task' })
      expect(stats).toMatchObject({ votes: agents.length, agents: agents.length })
    }),
  ))

function nested(depth: number): unknown {
  return depth === 0 ? 1 : [nested(depth - 1)]
}
