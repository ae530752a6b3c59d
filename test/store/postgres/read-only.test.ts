import { expect, test } from 'vitest'
import { withApp } from '../../support/app.ts'
import { databaseEnv } from '../../support/database.ts'

const question = { task_id: 'task', k: 2 }

test('a consensus is answered on a server that is read-only, and not kept; it is where it can be written to', () =>
  withApp(async (t) => {
    for (const agentId of ['ann', 'bob'])
      await t.call('memory_voting', 'record_vote', { task_id: 'task', vote_value: 'yes' }, { agentId })
    const url = new URL(databaseEnv(t.dataDir)['AGENT_MEMORY_PG_URL'] ?? '')
    url.searchParams.set('options', `${url.searchParams.get('options')} -c default_transaction_read_only=on`)
    const replica = await t.secondApp({ env: { AGENT_MEMORY_PG_URL: url.href } })
    const ask = (from = replica) => from.call('memory_voting', 'get_consensus', question)
    const answer = await ask()
    expect(answer).toMatchObject({ has_consensus: true, winning_value: 'yes', votes: 2 })
    expect(answer).not.toHaveProperty('decided_at')
    const { decided_at } = await ask(t)
    await t.call('memory_voting', 'record_vote', { task_id: 'task', vote_value: 'no' }, { agentId: 'cid' })
    expect(await ask()).toMatchObject({ has_consensus: true, winning_value: 'yes', margin: 1, decided_at })
  }))
