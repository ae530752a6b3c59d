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

test('late votes are recorded and flip nothing, whichever voter changes their mind; dissenters and their reasons are shown', () =>
  withApp(async (t) => {
    const ask = (args: object = {}) => t.call(TOOL, 'get_consensus', { task_id: 'task', k: 2, ...args })
    await vote(t, 'ann', 'a')
    await vote(t, 'bob', 'b')
    // A tie.
    expect(await ask({ k: 1 })).toMatchObject({ has_consensus: false, margin: 0, votes: 2 })
    expect(await ask()).not.toHaveProperty('dissent')
    await vote(t, 'cid', 'a')
    await vote(t, 'dan', 'a')
    const decided = await ask()
    expect(decided).toMatchObject({ has_consensus: true, winning_value: 'a', margin: 2 })
    for (const agent of ['eve', 'fay', 'gil']) await vote(t, agent, 'b', { reasoning: `${agent} says so` })
    await vote(t, 'cid', 'b')
    expect(await ask()).toMatchObject({
      has_consensus: true,
      winning_value: 'a',
      decided_at: decided['decided_at'],
      votes: 7,
      margin: 3,
      tally: [
        { value: 'b', votes: 5 },
        { value: 'a', votes: 2 },
      ],
      dissent: ['bob', 'cid', 'eve', 'fay', 'gil'].map((agent_id) => ({
        agent_id,
        vote_value: 'b',
        reasoning: ['bob', 'cid'].includes(agent_id) ? null : `${agent_id} says so`,
      })),
    })
    // Of another rule nothing was decided yet.
    expect(await ask({ k: 3 })).toMatchObject({ has_consensus: true, winning_value: 'b' })
    expect(await ask({ k: 4 })).toMatchObject({ has_consensus: false })
  }))

test('a decision is an event and a row of the audit, by the agent whose question decided; asking again is none', () =>
  withApp(async (t) => {
    const other = await t.secondApp()
    const ask = (instance: TestApp, agentId: string) =>
      instance.call(TOOL, 'get_consensus', { task_id: 'task', k: 2 }, { agentId })
    await vote(t, 'ann', 'a')
    await ask(t, 'ann')
    await vote(t, 'bob', 'a')
    await Promise.all([ask(t, 'cid'), ask(other, 'cid'), ask(t, 'cid'), ask(other, 'cid')])
    await vote(other, 'dan', 'b')
    await ask(other, 'dan')
    const only = { types: ['vote.decided'] }
    const { events } = await other.call<{ events: object[] }>('memory_event', 'list', { since: 0, ...only })
    expect(events).toMatchObject([{ agent_id: 'cid', detail: { task_id: 'task', k: 2, quorum: 1 } }])
    const { records } = await t.call<{ records: { event: { type: string } }[] }>('memory_audit', 'list')
    expect(records.map(({ event }) => event.type).toSorted()).toEqual([
      'vote.decided',
      ...['ann', 'bob', 'dan'].map(() => 'vote.recorded'),
    ])
  }))

test('a caller that may read and not vote decides nothing by asking', () =>
  withApp({ env: { AGENT_MEMORY_PERMISSIONS_MODE: 'strict' }, workspace: null }, async (t) => {
    const { permissions, scopes } = t.app.services
    const scope = await scopes.get({ agentId: 'operator', workspace: null }, { scope_type: 'global' })
    for (const [agent, permission] of [
      ['ann', 'write'],
      ['bob', 'write'],
      ['eve', 'read'],
    ] as const) {
      const place = { grantee: agent, scope, entry_type: null }
      await permissions.grant({ agentId: 'operator', workspace: null }, place, permission)
    }
    const ask = (agentId: string) => t.call(TOOL, 'get_consensus', { task_id: 'task' }, { agentId })
    await vote(t, 'ann', 'a')
    const seen = await ask('eve')
    expect(seen).toMatchObject({ has_consensus: true, winning_value: 'a' })
    expect(seen).not.toHaveProperty('decided_at')
    await vote(t, 'bob', 'b')
    expect(await ask('ann')).toMatchObject({ has_consensus: false })
    await vote(t, 'bob', 'a')
    const { decided_at } = await ask('ann')
    expect(await ask('eve')).toMatchObject({ winning_value: 'a', decided_at })
  }))

test('votes and questions that come to several instances at once: all that is ever answered is one value', () =>
  withApp(async (t) => {
    const instances = [t, await t.secondApp(), await t.secondApp()]
    const ask = (instance: TestApp) =>
      instance.call<{ has_consensus: boolean; winning_value?: unknown }>(TOOL, 'get_consensus', {
        task_id: 'task',
        k: 2,
        quorum: 5,
      })
    const named = new Set<unknown>()
    const name = async (instance: TestApp) => {
      const { has_consensus, winning_value } = await ask(instance)
      if (has_consensus) named.add(winning_value)
      return has_consensus
    }
    // First one is ahead, then, by those that change their mind, the other.
    for (const value of ['left', 'right']) {
      const votes = Array.from({ length: 24 }, async (_, n) => {
        const instance = instances[n % instances.length] ?? t
        await vote(instance, `agent-${n}`, n % 4 === 0 ? 'left' : value)
        await name(instance)
      })
      await Promise.all(votes)
    }
    expect(await Promise.all(instances.map(name))).toEqual([true, true, true])
    expect(named).toEqual(new Set(['left']))
    expect(await ask(t)).toMatchObject({ votes: 24, margin: 12 })
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
      scope_type: 'global',
      scope_id: null,
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

interface Made {
  readonly id: string
}

test('a task is one of its scope: the same name in another is another task, without a scope the global one', () =>
  withApp(async (t) => {
    const make = (name: string) =>
      t.call<Made>('memory_scope', 'create', { scope_type: 'project', name }, { workspace: null })
    const [shop, site] = [await make('shop'), await make('site')]
    const [inShop, inSite] = [shop, site].map(({ id }) => ({ scope_type: 'project', scope_id: id }))
    const ask = (where: object = {}) => t.call(TOOL, 'get_consensus', { task_id: 'task', ...where })
    expect(await vote(t, 'ann', 'yes', inShop)).toMatchObject({ ...inShop, replaced: false })
    expect(await vote(t, 'ann', 'no', inSite)).toMatchObject({ ...inSite, replaced: false })
    expect(await vote(t, 'ann', 'maybe')).toMatchObject({ scope_type: 'global', scope_id: null })
    expect(await ask(inShop)).toMatchObject({ ...inShop, winning_value: 'yes', votes: 1 })
    expect(await ask(inSite)).toMatchObject({ winning_value: 'no', votes: 1 })
    expect(await ask()).toMatchObject({ scope_type: 'global', winning_value: 'maybe', votes: 1 })
    expect(await t.call(TOOL, 'list_votes', { task_id: 'task', ...inSite })).toMatchObject({
      ...inSite,
      votes: [{ agent_id: 'ann', vote_value: 'no' }],
    })
    const { tasks } = await t.call<{ tasks: object[] }>(TOOL, 'list_tasks')
    expect(tasks).toHaveLength(3)
    expect(tasks).toContainEqual(expect.objectContaining({ task_id: 'task', ...inShop, votes: 1 }))
    expect(await t.call(TOOL, 'list_tasks', inSite)).toMatchObject({ tasks: [inSite] })
    expect(await t.call(TOOL, 'get_stats')).toMatchObject({ tasks: 3, votes: 3, agents: 1 })
    expect(await t.call(TOOL, 'get_stats', inSite)).toMatchObject({ ...inSite, tasks: 1, votes: 1 })
    const { events } = await t.call<{ events: object[] }>('memory_event', 'list', {
      types: ['vote.recorded'],
      ...inShop,
    })
    expect(events).toMatchObject([{ scope: { type: 'project', id: shop.id } }])
  }))

test('votes go with their scope: it is not empty while it has some, and nothing is voted on in what has ended', () =>
  withApp(async (t) => {
    const session = await t.call<Made>('memory_scope', 'start', { name: 'Work' })
    const where = { scope_type: 'session', scope_id: session.id }
    await vote(t, 'ann', 'yes', where)
    await t.call('memory_scope', 'end', { session_id: session.id })
    const late = await t.refused(TOOL, 'record_vote', { task_id: 'task', vote_value: 1, ...where })
    expect(late).toMatchObject({ name: 'INVALID_SCOPE' })
    expect(await t.call(TOOL, 'list_votes', { task_id: 'task', ...where })).toMatchObject({ votes: [{}] })
    expect(await t.refused('memory_scope', 'delete', where)).toMatchObject({
      name: 'CONFLICT',
      details: { votes: 1 },
    })
    await t.call('memory_scope', 'delete', { ...where, cascade: true })
    expect(await t.call(TOOL, 'get_stats')).toMatchObject({ votes: 0 })
    expect(await t.refused(TOOL, 'list_votes', { task_id: 'task', ...where })).toMatchObject({
      name: 'NOT_FOUND',
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
