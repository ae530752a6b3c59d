import { openDatabase } from '../../src/app.ts'
import type { Config } from '../../src/config.ts'
import { firstVersion } from '../../src/domain/entries/version.ts'
import type { Scope } from '../../src/domain/scope.ts'
import { newScope } from '../../src/services/scopes/new-scope.ts'
import type { Writer } from '../../src/store/access.ts'
import { insertEntries } from '../../src/store/entries/entries.ts'
import { insertScope } from '../../src/store/scopes/scopes.ts'
import { Store } from '../../src/store/store.ts'
import { makeText } from './texts.ts'

// A large memory, written in large transactions straight through the store: one project that holds nearly all, its sessions, and
// small projects beside it.

export const LARGE = 'large'
export const SMALL = 'small-0'
const SMALL_PROJECTS = 20
const SMALL_ENTRIES = 500
const SESSIONS = 200
const TURNS = 50
const AT_ONCE = 20_000
const ROWS_AT_ONCE = 500
const AUTHOR = 'bench'

/** What is written where, in order. */
interface Part {
  readonly scope: Scope
  readonly type: 'knowledge' | 'observation'
  readonly count: number
}

export async function load(config: Config, entries: number, told: (done: number) => void): Promise<void> {
  const database = await openDatabase(config)
  const store = new Store(database, 'bench')
  try {
    const parts = partsOf(entries)
    await store.write(async ({ db }) => {
      for (const { scope } of parts) await insertScope(db, scope)
    })
    let done = 0
    for (const part of parts) {
      for (let at = 0; at < part.count; at += AT_ONCE) {
        const count = Math.min(AT_ONCE, part.count - at)
        await store.write(({ db }) => write(db, part, { first: done + 1, count }))
        done += count
        told(done)
      }
    }
  } finally {
    await database.close()
  }
}

/** The numbers of the texts in the large project, its sessions left out, and in the first small one. */
export function largeTexts(entries: number): { first: number; last: number } {
  return { first: SMALL_PROJECTS * SMALL_ENTRIES + 1, last: entries - SESSIONS * TURNS }
}

export function smallTexts(): { first: number; last: number } {
  return { first: 1, last: SMALL_ENTRIES }
}

function partsOf(entries: number): Part[] {
  const large = project(LARGE)
  const sessions = Array.from({ length: SESSIONS }, (_, n) =>
    newScope(AUTHOR, Date.now(), { type: 'session', parentId: large.id, name: `session ${n}` }),
  )
  const small = Array.from({ length: SMALL_PROJECTS }, (_, n) => project(`small-${n}`))
  const rest = entries - SESSIONS * TURNS - SMALL_PROJECTS * SMALL_ENTRIES
  return [
    ...small.map((scope) => ({ scope, type: 'knowledge' as const, count: SMALL_ENTRIES })),
    { scope: large, type: 'knowledge', count: rest },
    ...sessions.map((scope) => ({ scope, type: 'observation' as const, count: TURNS })),
  ]
}

function project(name: string): Scope {
  return newScope(AUTHOR, Date.now(), { type: 'project', parentId: 'global', name })
}

async function write(
  db: Writer,
  { scope, type }: Part,
  { first, count }: { first: number; count: number },
): Promise<void> {
  for (let at = 0; at < count; at += ROWS_AT_ONCE) {
    const numbers = Array.from({ length: Math.min(ROWS_AT_ONCE, count - at) }, (_, n) => first + at + n)
    const made = numbers.map((n) => {
      const text = makeText(n)
      const given = type === 'observation' ? { ...text, tags: [], speaker: `agent ${n % 3}` } : { ...text }
      return firstVersion(type, scope, given, { agentId: AUTHOR, now: Date.now() })
    })
    await insertEntries(db, made, { scopeId: scope.id })
  }
}
