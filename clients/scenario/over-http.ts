import { strict as assert } from 'node:assert'
import { join } from 'node:path'
import type { CliClient } from '../agents/client.ts'
import type { Stage } from '../stage.ts'
import { saw } from '../story.ts'
import { HttpServer } from './http-server.ts'
import { answerIn, assertSays } from './received.ts'
import {
  type Cast,
  endWell,
  fillMemory,
  PAY,
  playScenario,
  readContext,
  TAX,
  type Where,
} from './scenario.ts'

// One server for all, reached over HTTP with a key, and started anew while the client works.

const AGENT = 'alice'

export const HTTP_STEPS = [
  'refused without a key',
  'tools offered',
  'told what to do',
  'context read',
  'entry kept',
  'long list cut',
  'lock taken',
  'lock refused',
  'lock waited for',
  'server started anew',
  'locks checked in',
  'ends well',
]

export async function overHttp(client: CliClient, stage: Stage): Promise<void> {
  if (!client.start || !client.connectHttp) return
  const { place, seat, story } = stage
  const where: Where = {
    scope: { scope_type: 'global' },
    flags: ['--scope-type', 'global'],
    scopeName: 'global',
    file: (path) => join(place.project, path),
  }
  fillMemory(place, where)
  const { key } = JSON.parse(place.run(['key', 'create', AGENT, '--json'])) as { key: string }
  place.run(['permission', 'grant', AGENT, 'write', ...where.flags])
  const server = await HttpServer.start(place)
  stage.atEnd(() => server.end())
  await story.step('refused without a key', async () => {
    const { status } = await fetch(server.url, { method: 'POST', body: '{}' })
    assert.equal(status, 401)
    return saw('401')
  })
  client.connectHttp(seat, { url: server.url, key })
  const holder = await stage.startHolder()
  const session = stage.startSession(client.start(seat, 'Play your part.'))
  const cast = { session, where, place, holder, story }
  await playScenario(cast)
  await story.step('server started anew', async () => {
    await server.restart()
    if (client.renewsSessions) return saw(await readContext(session))
    const { text } = await session.call('memory_query', { action: 'context' })
    assertSays(text, 'Session not found')
    return saw(text)
  })
  if (client.renewsSessions) await checkIn(cast)
  await endWell(cast)
}

async function checkIn({ session, where, holder, story }: Cast): Promise<void> {
  await story.step('locks checked in', async () => {
    for (const path of [PAY, TAX]) {
      const file_path = where.file(path)
      assert.equal((await holder.lock('status', { file_path }))['agent_id'], AGENT)
      const { text } = await session.call('memory_file_lock', { action: 'checkin', file_path })
      assert.ok(!('error' in answerIn(text)), text)
    }
    assert.deepEqual(await holder.lock('list'), { locks: [] })
    return saw(`both, by ${AGENT}, whose the key is`)
  })
}
