import { strict as assert } from 'node:assert'
import type { Place } from '../place.ts'
import type { Session } from '../session.ts'
import { type Story, saw } from '../story.ts'
import { HOLDER, type Holder } from './holder.ts'
import { answerIn, assertSays } from './received.ts'

// What every client is put through, the same for all: the model's part, and what must have reached it.

const TOOLS = [
  'query',
  'guideline',
  'knowledge',
  'tool',
  'scope',
  'tag',
  'relation',
  'conflict',
  'file_lock',
  'voting',
  'event',
  'health',
]
const RULE = 'Never use floats for money.'
const LONG = 40
/** What an answer may have by default: 4,000 tokens of 4 bytes. */
const CEILING = 16_000
const AN_HOUR = 3_600_000
export const PAY = 'src/pay.ts'
export const TAX = 'src/tax.ts'

/** Where the memory is, as the model and a shell say it: over stdio the project, over HTTP nothing is guessed. */
export interface Where {
  readonly scope: Readonly<Record<string, string>>
  readonly flags: readonly string[]
  readonly scopeName: string
  readonly file: (path: string) => string
}

export interface Cast {
  readonly session: Session
  readonly where: Where
  readonly place: Place
  readonly holder: Holder
  readonly story: Story
}

/** What the memory holds before a client comes. */
export function fillMemory(place: Place, { flags }: Where): void {
  const rule = ['--name', 'Money is integer cents', '--content', RULE, '--priority', '90']
  place.run(['guideline', 'add', ...rule, ...flags])
  const entries = Array.from({ length: LONG }, (_, n) => ({
    name: `Decision ${n + 1}`,
    content: `Decision ${n + 1}: ${'the reasons for it, at length. '.repeat(60)}`,
  }))
  place.run(['knowledge', 'bulk_add', '--entries', '-', ...flags], JSON.stringify(entries))
}

/** Meets the tools, reads and keeps, locks; the client still runs. */
export async function playScenario(cast: Cast): Promise<void> {
  await meetTools(cast)
  await readAndKeep(cast)
  await lockFiles(cast)
}

async function meetTools({ session, story }: Cast): Promise<void> {
  await story.step('tools offered', async () => {
    const { pauses } = await session.firstWithTools()
    const { tools } = await session.model.request()
    const atOnce = tools.filter(({ name }) => name.includes('memory_'))
    const bytes = atOnce.reduce((sum, tool) => sum + Buffer.byteLength(JSON.stringify(tool)), 0)
    const names: string[] = []
    for (const tool of TOOLS) {
      const { name, namespace } = await session.load(`memory_${tool}`)
      names.push(namespace === undefined ? name : `${namespace}.${name}`)
    }
    return saw(`in turn ${pauses + 1}, ${atOnce.length} in full (${bytes} bytes): ${names.join(', ')}`)
  })
  await story.step('told what to do', async () => {
    const { told } = await session.model.request()
    const [line = ''] = /Shared memory of this project\..*/.exec(told) ?? []
    for (const words of ['memory_query context', 'memory_file_lock checkout', 'action add'])
      assertSays(line, words)
    return saw(line)
  })
}

/** The context as it reaches the model. */
export async function readContext(session: Session): Promise<string> {
  const { text } = await session.call('memory_query', { action: 'context' })
  assertSays(text, RULE)
  return text
}

async function readAndKeep({ session, place, where, story }: Cast): Promise<void> {
  await story.step('context read', async () => {
    return saw(await readContext(session))
  })
  await story.step('entry kept', async () => {
    const entry = { name: 'Rounding', content: 'Half cents are rounded to even.' }
    const { text } = await session.call('memory_knowledge', { action: 'add', ...entry, ...where.scope })
    const { id, scope } = answerIn(text)
    assert.equal((scope as { name: string }).name, where.scopeName, 'the scope is named')
    const kept = JSON.parse(place.run(['knowledge', 'get', '--name', entry.name, '--json', ...where.flags]))
    assert.deepEqual([kept.id, kept.content], [id, entry.content])
    return saw(`${text}\nkept by ${kept.created_by}`)
  })
  await story.step('long list cut', async () => {
    const names = new Set<unknown>()
    let cursor: unknown
    let pages = 0
    do {
      const page = { action: 'list', limit: 100, ...(cursor !== undefined && { cursor }) }
      const { text } = await session.call('memory_knowledge', page)
      const { entries, next_cursor } = answerIn(text) as { entries: { name: string }[]; next_cursor?: string }
      assert.ok(Buffer.byteLength(text) < CEILING + 500, `${Buffer.byteLength(text)} bytes reached the model`)
      for (const { name } of entries) names.add(name)
      cursor = next_cursor
      pages++
    } while (cursor !== undefined)
    assert.equal(names.size, LONG + 1, 'entries in all pages')
    return saw(`${names.size} entries of 1,800 characters in ${pages} answers`)
  })
}

async function lockFiles({ session, holder, where, story }: Cast): Promise<void> {
  await story.step('lock taken', async () => {
    const { text } = await session.call('memory_file_lock', {
      action: 'checkout',
      file_path: where.file(PAY),
      purpose: 'round to cents',
      ttl_ms: AN_HOUR,
    })
    const { agent_id, fencing_token } = answerIn(text)
    const status = await holder.lock('status', { file_path: where.file(PAY) })
    assert.deepEqual([status['agent_id'], status['fencing_token']], [agent_id, fencing_token])
    return saw(text)
  })
  const path = { file_path: where.file(TAX) }
  const held = await holder.lock('checkout', { ...path, ttl_ms: AN_HOUR, purpose: 'new rates' })
  await story.step('lock refused', async () => {
    const { text } = await session.call('memory_file_lock', { action: 'checkout', ...path, wait_ms: 0 })
    for (const words of ['FILE_LOCKED', HOLDER, 'new rates']) assertSays(text, words)
    return saw(text)
  })
  await story.step('lock waited for', async () => {
    const wait = { action: 'checkout', ...path, wait_ms: 45_000, ttl_ms: AN_HOUR }
    const waiting = session.call('memory_file_lock', wait)
    // What went wrong there is thrown below.
    waiting.catch(() => {})
    await untilWaiting(holder, path)
    await holder.lock('checkin', path)
    const { text } = await waiting
    const { locked, fencing_token } = answerIn(text)
    assert.ok(locked === true && Number(fencing_token) > Number(held['fencing_token']), text)
    return saw(text)
  })
}

async function untilWaiting(holder: Holder, path: object): Promise<void> {
  for (;;) {
    const { waiting, locked } = await holder.lock('status', path)
    if (waiting === 1) return
    assert.equal(locked, true, 'the lock is held until somebody waits for it')
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
}

/** The model has said its last word: what the client does then. */
export async function endWell({ session, story }: Cast): Promise<void> {
  await story.step('ends well', async () => {
    await session.model.say('The part is played.')
    const code = await session.ended
    assert.equal(code, 0, session.output)
    assertSays(session.output, 'The part is played.')
    return saw('exit code 0')
  })
}

export async function lookWhatIsLeft({ place, holder, story }: Cast): Promise<void> {
  await story.step('locks given back', async () => {
    for (let tries = 0; tries < 200; tries++) {
      const { locks } = (await holder.lock('list')) as { locks: unknown[] }
      if (locks.length === 0) return saw('no lock is held')
      await new Promise((resolve) => setTimeout(resolve, 100))
    }
    throw new Error(`still held: ${JSON.stringify(await holder.lock('list'))}`)
  })
  await story.step('nothing left running', async () => {
    await holder.end()
    for (let tries = 0; tries < 200; tries++) {
      if (place.processes().length === 0) return saw('no process of that home folder')
      await new Promise((resolve) => setTimeout(resolve, 100))
    }
    throw new Error(`still running: ${place.processes().join('; ')}`)
  })
}
