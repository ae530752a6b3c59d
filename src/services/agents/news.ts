import type { LeaseReader } from '../../coordination/lease-store.ts'
import type { MemoryEvent } from '../../domain/event.ts'
import { quoted } from '../../domain/text/quoted.ts'
import { hasChanged } from '../../store/change-log.ts'
import { findEntries } from '../../store/entries/entries.ts'
import { findRevision } from '../../store/entries/past/revisions.ts'
import type { Store } from '../../store/store.ts'

/** Something that an agent should know. */
export type News =
  | { readonly kind: 'wanted'; readonly path: string; readonly by: string; readonly isWaiting: boolean }
  | { readonly kind: 'ended'; readonly path: string; readonly at: string; readonly by: string | null }
  | {
      readonly kind: 'entry'
      readonly change: string
      readonly type: string
      readonly id: string
      readonly name: string | null
      readonly version: number
      readonly by: string
    }

interface Parts {
  readonly store: Store
  readonly leases: LeaseReader
}

/** Entries that were changed are looked at as far as this. */
const MOST_ENTRIES = 20

/** What of the events concerns the agent and is still so, each thing once, in the order of the latest. */
export async function newsOf(agentId: string, events: readonly MemoryEvent[], parts: Parts): Promise<News[]> {
  const latest = new Map<string, MemoryEvent>()
  for (const event of events) {
    const key = isAbout(event, agentId)
    if (key === undefined) continue
    latest.delete(key)
    latest.set(key, event)
  }
  const found: News[] = []
  let entries = 0
  for (const event of latest.values()) {
    const isOfEntry = event.entry !== undefined
    if (isOfEntry && ++entries > MOST_ENTRIES) continue
    const news = isOfEntry ? await ofEntry(event, agentId, parts) : await ofLock(event, agentId, parts)
    if (news) found.push(news)
  }
  return found
}

/** What it is about, where it may concern the agent: later events of the same take its place. */
function isAbout({ type, lock, entry, agent_id: by }: MemoryEvent, agentId: string): string | undefined {
  const path = lock?.['file_path']
  const isOwn = by === agentId
  if (type === 'lock.wanted') return lock?.['held_by'] === agentId ? `wanted ${path} ${by}` : undefined
  if (type === 'lock.expired') return isOwn ? `ended ${path}` : undefined
  if (type === 'lock.forced') return !isOwn && lock?.['held_by'] === agentId ? `ended ${path}` : undefined
  return entry && !isOwn ? `entry ${entry.id}` : undefined
}

/** A wish for a file that was given back, and the end of a lock that was taken anew, are no news. */
async function ofLock(
  { type, lock = {}, agent_id: by, at }: MemoryEvent,
  agentId: string,
  { leases }: Parts,
): Promise<News | undefined> {
  const path = lock['file_path']
  if (typeof path !== 'string') return undefined
  const { lease } = await leases.find(path)
  const isHeld = lease?.agentId === agentId
  if (type === 'lock.wanted')
    return isHeld ? { kind: 'wanted', path, by, isWaiting: lock['outcome'] === 'waiting' } : undefined
  return isHeld ? undefined : { kind: 'ended', path, at, by: type === 'lock.forced' ? by : null }
}

/** Of an entry that the agent made, or wrote just before. */
async function ofEntry(
  { type, entry, agent_id: by }: MemoryEvent,
  agentId: string,
  { store }: Parts,
): Promise<News | undefined> {
  if (!entry) return undefined
  const { id, version } = entry
  const [now, before] = await store.snapshot(async (db) => [
    (await findEntries(db, [id]))[0],
    await findRevision(db, id, version - 1),
  ])
  const writers = [now?.created_by, before?.created_by, before?.updated_by]
  // Of an entry that is gone for good only the log knows the writers.
  const isOwn = now ? writers.includes(agentId) : await store.read((db) => hasChanged(db, agentId, id))
  if (!isOwn) return undefined
  const change = type.slice('entry.'.length)
  const name = now?.name ?? before?.name ?? null
  return { kind: 'entry', change, type: entry.type, id, name, version, by }
}

/** One line. Other agents' words stand in quotes. */
export function noticeText(news: News): string {
  switch (news.kind) {
    case 'wanted': {
      const who = `${quoted(news.by)} ${news.isWaiting ? 'waits for' : 'wants'}`
      return `${who} ${news.path}, which you hold: check it in as soon as you are done with it.`
    }
    case 'ended': {
      const how = news.by === null ? `ran out at ${news.at}` : `was ended by ${quoted(news.by)}`
      return `Your lock on ${news.path} ${how}. Check it out again and read it anew before you write it.`
    }
    case 'entry': {
      const what = news.name === null ? news.id : `${quoted(news.name)} (${news.id})`
      const version = news.change === 'updated' ? `, version ${news.version}` : ''
      return `The ${news.type} ${what} that you wrote was ${news.change} by ${quoted(news.by)}${version}.`
    }
  }
}
