import { signal } from '@preact/signals'
import type { MemoryEvent } from '../client/answers.ts'
import { Refusal } from '../client/refusal.ts'
import { call } from '../client/rest.ts'
import { readEvents } from '../client/stream.ts'
import { key, keyAsked } from './session.ts'

/** Events that are kept to be looked at, newest first. */
const MOST_KEPT = 300
/** How many are fetched at the start. */
const FETCHED = 100
const AGAIN_MS = 1_000

export const events = signal<readonly MemoryEvent[]>([])
/** Whether events come in as they happen. */
export const isLive = signal(false)
/** Whether the events of before the page was opened are here. */
export const isFilled = signal(false)
/** Moves with every event of a group (`lock`, `entry`, …), and with all groups when everything is to be read again. */
export const changes = signal<Readonly<Record<string, number>>>({})

export const GROUPS = [
  'entry',
  'scope',
  'lock',
  'vote',
  'conflict',
  'call',
  'permission',
  'key',
  'instance',
] as const
export type Group = (typeof GROUPS)[number]

let following: AbortController | undefined
let last = ''
let followedWith = key.value

/** Follows what happens, for as long as the page is open. A second call begins anew, e.g. with another key. */
export async function follow(): Promise<void> {
  following?.abort()
  following = new AbortController()
  const { signal: ended } = following
  if (followedWith !== key.value) forget()
  followedWith = key.value
  while (!ended.aborted && keyAsked.value === undefined) {
    try {
      await fill(ended)
      last = await readEvents(last, { take, open: opened }, ended)
    } catch (error) {
      if (error instanceof Refusal && error.status === 401) break
    }
    if (!ended.aborted) isLive.value = false
    await new Promise((resolve) => setTimeout(resolve, AGAIN_MS))
  }
  // Another one follows by now, and says for itself whether it is live.
  if (!ended.aborted) isLive.value = false
}

/** Nobody is signed in. */
export function stopFollowing(): void {
  following?.abort()
  isLive.value = false
}

/** What another key was shown may be nothing for this one, which has events of its own from before. */
function forget(): void {
  events.value = []
  isFilled.value = false
  last = ''
}

/** What happened before, once. */
async function fill(ended: AbortSignal): Promise<void> {
  if (last !== '') return
  const { events: newest } = await call('GET /v1/health')
  const end = Number(newest['last_seq'] ?? 0)
  const since = Math.max(0, end - FETCHED)
  const page = await call('GET /v1/events', { since, limit: FETCHED })
  // It was answered for a key that is no longer the one.
  if (ended.aborted) return
  keep(page.events)
  last = String(page.last_seq)
  isFilled.value = true
}

function opened(): void {
  isLive.value = true
  // Events from while the stream was closed are in the stream; what a restored database lost is not.
  touch(GROUPS)
}

function take({ event, data }: { event?: string | undefined; data: string }): void {
  if (event === 'resync') touch(GROUPS)
  if (data === '' || event === 'resync' || event === 'end') return
  const one = JSON.parse(data) as MemoryEvent
  keep([one])
  const [group] = one.type.split('.')
  if (group) touch([group])
}

function keep(more: readonly MemoryEvent[]): void {
  const known = new Set(events.value.map(({ id }) => id))
  const fresh = more.filter(({ id }) => !known.has(id)).toReversed()
  events.value = [...fresh, ...events.value].slice(0, MOST_KEPT)
}

function touch(groups: readonly string[]): void {
  changes.value = {
    ...changes.value,
    ...Object.fromEntries(groups.map((group) => [group, (changes.value[group] ?? 0) + 1])),
  }
}
