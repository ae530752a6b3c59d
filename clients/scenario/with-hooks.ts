import { strict as assert } from 'node:assert'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { CliClient, Editing } from '../agents/client.ts'
import type { Session } from '../session.ts'
import type { Stage } from '../stage.ts'
import { saw } from '../story.ts'
import { HOLDER, type Holder } from './holder.ts'
import { answerIn, assertSays } from './received.ts'
import { PAY, TAX } from './scenario.ts'

// Hooks that `hook install` has put into the client's settings: its edits ask for locks that nobody has told its model of.

/** A hook is a program; Claude Code can call a tool of the server that it runs instead. */
type By = 'command' | 'tool'

const EDITS = [
  'write refused, with who has the file',
  'file written when it is free',
  'hook and server one agent',
  'locks freed at the end',
] as const
const named = (step: (typeof EDITS)[number], by: By) => (by === 'tool' ? `by a tool: ${step}` : step)

export const HOOK_STEPS = (['command', 'tool'] as const).flatMap((by) => EDITS.map((step) => named(step, by)))

interface Scene {
  readonly stage: Stage
  readonly client: CliClient
  readonly editing: Editing
  readonly holder: Holder
  readonly by: By
}

export async function withHooks(client: CliClient, stage: Stage): Promise<void> {
  const { editing } = client
  if (!editing) return
  const { place } = stage
  place.run(['setup', client.id, '--allow', '--yes', '--force', ...memoryOf(stage)])
  for (const file of [PAY, TAX]) {
    mkdirSync(dirname(join(place.project, file)), { recursive: true })
    writeFileSync(join(place.project, file), '// nothing\n')
  }
  const holder = await stage.startHolder()
  const ways: readonly By[] = client.id === 'claude-code' ? ['command', 'tool'] : ['command']
  for (const by of ways) await edit({ stage, client, editing, holder, by })
}

const memoryOf = ({ place }: Stage) => ['--env', `AGENT_MEMORY_DATA_DIR=${place.memory}`]

async function edit(scene: Scene): Promise<void> {
  const { stage, client, editing, holder, by } = scene
  const { place, seat, story } = stage
  place.run(['hook', 'install', '--client', client.id, '--by', by, ...memoryOf(stage)])
  await holder.lock('checkout', { file_path: PAY, ttl_ms: 3_600_000, purpose: 'new rates' })
  const session = stage.startSession(editing.start(seat, 'Play your part.'))
  await session.firstWithTools()
  await story.step(named('write refused, with who has the file', by), async () => {
    await read(session, scene)
    const { text } = await write(session, scene, '// theirs\n')
    for (const words of [HOLDER, 'new rates']) assertSays(text, words)
    assert.equal(readFileSync(join(place.project, PAY), 'utf8'), '// nothing\n')
    return saw(text)
  })
  await story.step(named('file written when it is free', by), async () => {
    await holder.lock('checkin', { file_path: PAY })
    // The first after that may be told to look again.
    for (let tries = 0; tries < 2 && !readFileSync(join(place.project, PAY), 'utf8').includes(by); tries++) {
      await read(session, scene)
      await write(session, scene, `// ${by}\n`)
    }
    assert.equal(readFileSync(join(place.project, PAY), 'utf8'), `// ${by}\n`)
    return saw(readFileSync(join(place.project, PAY), 'utf8'))
  })
  await story.step(named('hook and server one agent', by), async () => {
    const { agent_id } = await holder.lock('status', { file_path: PAY })
    const { text } = await session.call('memory_file_lock', { action: 'checkout', file_path: TAX })
    const { agent_id: ofServer } = answerIn(text)
    assert.deepEqual([typeof agent_id, ofServer], ['string', agent_id])
    return saw(String(agent_id))
  })
  await story.step(named('locks freed at the end', by), async () => {
    await session.model.say('Done.')
    assert.equal(await session.ended, 0, session.output)
    const isHeld = async () => (await holder.lock('status', { file_path: PAY }))['locked'] === true
    for (let tries = 0; tries < 50 && (await isHeld()); tries++)
      await new Promise((resolve) => setTimeout(resolve, 100))
    assert.equal(await isHeld(), false, 'locked after the end')
    writeFileSync(join(place.project, PAY), '// nothing\n')
    return saw('no lock of its hooks is left')
  })
  await session.end()
}

function read(session: Session, { editing, stage }: Scene) {
  const { tool, args } = editing.read(join(stage.place.project, PAY))
  return session.model.call({ name: tool }, args)
}

function write(session: Session, { editing, stage }: Scene, text: string) {
  const { tool, args } = editing.write(join(stage.place.project, PAY), text)
  return session.model.call({ name: tool }, args)
}
