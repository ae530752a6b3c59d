import type { Agent, Lease, Server, Waiter } from './state.ts'
import type { Checkout } from './store.ts'

// Written without the product's functions: a check of a rule by the rule itself finds nothing.

/** What must always hold. */
export const LOCK_PROMISES = {
  exclusive: 'never do two agents hold one path',
  tokens: 'tokens of a path grow',
  renew: 'a renewal re-creates nothing, and only its holder renews',
  release: 'only its holder releases',
  late: 'a release ends nothing that was asked for after it',
  later: 'where two claim a path the later token is right',
  bulk: 'all paths or none',
  cycle: 'nobody waits in a cycle',
  turn: 'nobody goes before one who waits and can go',
  place: 'who tries again keeps its place',
  free: 'a free path is not kept from who is first',
  retry: 'a retry finds what the first try got',
  verify: 'verify confirms no lease that has ended',
} as const

/** The live holder of a path. */
function holderOf({ leases }: Server, path: number): Lease | null {
  const lease = leases[path] ?? null
  return lease && lease.left > 0 ? lease : null
}

/**
 * The agents that must move before that waiter can: holders of its paths, and waiters before it in their
 * queues.
 */
function before(server: Server, waiter: Pick<Waiter, 'agent' | 'paths' | 'ticket'>): number[] {
  const holders = waiter.paths.flatMap((path) => holderOf(server, path)?.agent ?? [])
  const earlier = server.waiters.filter(
    (other) =>
      other.age === 0 &&
      other.ticket < waiter.ticket &&
      other.paths.some((path) => waiter.paths.includes(path)),
  )
  return [...holders, ...earlier.map(({ agent }) => agent)].filter((agent) => agent !== waiter.agent)
}

/** Whether some chain of those who must move before that waiter ends at the agent. */
function waitsFor(server: Server, waiter: Waiter, agent: number): boolean {
  const seen = new Set<number>()
  const open = [waiter.agent]
  for (let at = open.pop(); at !== undefined; at = open.pop()) {
    const own = server.waiters.filter((each) => each.age === 0 && each.agent === at)
    const next = own.flatMap((each) => before(server, each))
    if (next.includes(agent)) return true
    open.push(...next.filter((each) => !seen.has(each)))
    for (const each of next) seen.add(each)
  }
  return false
}

/** Those who came before, are not silent, want one of the paths, and could have them without that agent. */
function rivals(server: Server, { agent, paths, request }: Checkout): Waiter[] {
  const ticket =
    server.waiters.find((waiter) => waiter.request === request)?.ticket ?? Number.POSITIVE_INFINITY
  return server.waiters.filter(
    (waiter) =>
      waiter.agent !== agent &&
      waiter.age === 0 &&
      waiter.ticket < ticket &&
      waiter.paths.some((path) => paths.includes(path)) &&
      !waitsFor(server, waiter, agent),
  )
}

/** Whether an acquire that was granted might not have been. */
export function brokenByGrant(before: Server, after: Server, checkout: Checkout): string | undefined {
  const { agent, paths } = checkout
  const holds = paths.filter((path) => holderOf(after, path)?.agent === agent)
  if (holds.length < paths.length) return LOCK_PROMISES.bulk
  const fresh = paths.filter((path) => holderOf(before, path)?.agent !== agent)
  if (fresh.some((path) => holderOf(before, path) !== null)) return LOCK_PROMISES.exclusive
  if (fresh.length > 0 && rivals(before, { ...checkout, paths: fresh }).length > 0) return LOCK_PROMISES.turn
  return undefined
}

/** Whether an acquire that has to wait, or was refused, might have been granted, or leaves a cycle. */
export function brokenByWait(before: Server, after: Server, checkout: Checkout): string | undefined {
  const { agent, paths, request } = checkout
  if (isInCycle(after, agent)) return LOCK_PROMISES.cycle
  const [was, is] = [rank(before, request), rank(after, request)]
  if (was !== null && is !== null && is > was) return LOCK_PROMISES.place
  if (before.recovery > 0) return undefined
  const isHeld = paths.some((path) => ![agent, undefined].includes(holderOf(before, path)?.agent))
  return isHeld || rivals(before, checkout).length > 0 ? undefined : LOCK_PROMISES.free
}

/** How many are before that request in the queue. */
function rank({ waiters }: Server, request: number): number | null {
  const place = waiters.find((waiter) => waiter.request === request)
  if (!place) return null
  return waiters.filter((waiter) => waiter.ticket < place.ticket).length
}

/** Whether holders and waiters alone form a cycle through that agent. */
function isInCycle(server: Server, agent: number): boolean {
  const waits = (at: number) =>
    server.waiters
      .filter((waiter) => waiter.agent === at && waiter.age === 0)
      .flatMap((waiter) => waiter.paths.flatMap((path) => holderOf(server, path)?.agent ?? []))
      .filter((holder) => holder !== at)
  const seen = new Set<number>()
  const open = waits(agent)
  for (let at = open.pop(); at !== undefined; at = open.pop()) {
    if (at === agent) return true
    if (seen.has(at)) continue
    seen.add(at)
    open.push(...waits(at))
  }
  return false
}

/** True when another agent was granted one of these paths, and has no reason to doubt it. */
export function isHeldByOthers(agents: readonly Agent[], agent: number, paths: readonly number[]): boolean {
  return agents.some((other, at) => at !== agent && paths.some((path) => (other.holds[path]?.left ?? 0) > 0))
}
