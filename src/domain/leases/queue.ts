import type { Waiter } from './lease.ts'

/** One arm of a cycle: the agent waits for a path that another one holds. */
export interface Wait {
  readonly agentId: string
  readonly path: string
  readonly heldBy: string
}

/** The holder of each path and the waiters for it; silent waiters and ended leases are left out. */
export interface WaitsFor {
  /** Path → the agent that holds it. */
  readonly holders: ReadonlyMap<string, string>
  readonly waiters: readonly Waiter[]
}

/**
 * The cycle that would close if `agentId` waited for `paths`, shortest first found, or null. Only holders count: a queue
 * is no reason to be stuck, since a waiter for what the agent holds never stands in its way (see `inTheWay`).
 */
export function findCycle(graph: WaitsFor, agentId: string, paths: readonly string[]): Wait[] | null {
  const start = heldElsewhere(graph, agentId, paths)
  const trails = start.map((wait) => [wait])
  const visited = new Set(start.map((wait) => wait.heldBy))
  for (let trail = trails.shift(); trail; trail = trails.shift()) {
    const last = trail.at(-1)
    if (!last) continue
    for (const wait of waitsOf(graph, last.heldBy)) {
      if (wait.heldBy === agentId) return [...trail, wait]
      if (visited.has(wait.heldBy)) continue
      visited.add(wait.heldBy)
      trails.push([...trail, wait])
    }
  }
  return null
}

/**
 * The waiters that go before `ticket` on one of the paths. One that cannot go before the agent has (it waits for the agent,
 * however indirectly) is left out, else several that want overlapping sets of files could wait for each other for ever.
 */
export function inTheWay(
  graph: WaitsFor,
  { agentId, paths, ticket }: { agentId: string; paths: readonly string[]; ticket: number },
): Waiter[] {
  return ahead(graph, { agentId, paths, ticket }).filter((waiter) => !waitsOn(graph, waiter.agentId, agentId))
}

function ahead(
  { waiters }: WaitsFor,
  { agentId, paths, ticket }: { agentId: string; paths: readonly string[]; ticket: number },
): Waiter[] {
  return waiters.filter((w) => w.agentId !== agentId && w.ticket < ticket && paths.includes(w.path))
}

/** Whether `from` waits for `to`, over holders and places in queues. */
function waitsOn(graph: WaitsFor, from: string, to: string): boolean {
  const visited = new Set([from])
  const open = [from]
  for (let agent = open.pop(); agent !== undefined; agent = open.pop()) {
    for (const next of before(graph, agent)) {
      if (next === to) return true
      if (visited.has(next)) continue
      visited.add(next)
      open.push(next)
    }
  }
  return false
}

/** The agents that must move before `agentId` can. */
function before(graph: WaitsFor, agentId: string): string[] {
  const own = graph.waiters.filter((waiter) => waiter.agentId === agentId)
  const queued = own.flatMap(({ path, ticket }) => ahead(graph, { agentId, paths: [path], ticket }))
  return [...waitsOf(graph, agentId).map((wait) => wait.heldBy), ...queued.map((waiter) => waiter.agentId)]
}

function waitsOf(graph: WaitsFor, agentId: string): Wait[] {
  const paths = graph.waiters.filter((waiter) => waiter.agentId === agentId).map((waiter) => waiter.path)
  return heldElsewhere(graph, agentId, paths)
}

function heldElsewhere({ holders }: WaitsFor, agentId: string, paths: readonly string[]): Wait[] {
  return paths.flatMap((path) => {
    const heldBy = holders.get(path)
    return heldBy === undefined || heldBy === agentId ? [] : [{ agentId, path, heldBy }]
  })
}
