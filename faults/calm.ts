import { setTimeout as sleep } from 'node:timers/promises'
import type { World } from './world.ts'

// Checks that need a moment without writers.

const READERS = 50
/**
 * A caller that waits longer than this for another instance reads for itself; a busy machine may need it, a
 * promise it is not.
 */
const TRIES = 3
const NEWS_MS = 2_000

/** Stops the work, looks, and lets it go on. */
export async function lookInCalm(world: World, round: number): Promise<void> {
  await world.orderAll({ do: 'pause' })
  // Time for what is on its way: the last word of the relay, leases that a killed reader left.
  await sleep(NEWS_MS)
  if (world.redis) await lookAtStored(world)
  if (world.redis) await askColdQuestion(world, round)
  await world.orderAll({ do: 'go' })
}

interface StoredEntry {
  readonly id?: string
  readonly version?: number
  readonly content?: string
}

/** Every answer in Redis whose stamp is the database's present one must say what the database says. */
async function lookAtStored(world: World): Promise<void> {
  const versions = await world.readVersions()
  const entries = await world.readEntries()
  const probe = await world.redis?.probe()
  if (!probe) return
  const wrong: string[] = []
  let looked = 0
  for (const key of await probe.keys('agentmem:cache:q:*')) {
    const text = await probe.send<string | null>('GET', key)
    if (text === null) continue
    const [stamp, , value] = JSON.parse(text) as [[string, number][], unknown, { results?: StoredEntry[] }]
    if (stamp.some(([name, version]) => (versions.get(name) ?? 0) !== version)) continue
    looked++
    for (const { id = '', version, content } of value.results ?? []) {
      const row = entries.get(id)
      if (row?.version !== version || row?.content !== content)
        wrong.push(`${key}: version ${version} of ${id}, in the database ${row?.version}`)
    }
  }
  probe.close()
  world.history.add({ op: 'stored', looked, wrong })
}

/** Many readers of every instance ask a new question at once: one search of the database answers all. */
async function askColdQuestion(world: World, round: number): Promise<void> {
  const [entry] = world.entries
  if (!entry) return
  let loads = 0
  let processes = 0
  for (let n = 0; n < TRIES && loads !== 1; n++) {
    const query = `${entry.word} cold${round}x${n}`
    const asked = await world.orderAll({
      do: 'read at once',
      query,
      projectId: entry.projectId,
      readers: READERS,
    })
    processes = asked.filter((answer) => answer !== undefined).length
    const found = await world.orderAll<{ loads: number }>({ do: 'loads of', query })
    loads = found.reduce((sum, answer) => sum + (answer?.loads ?? 0), 0)
  }
  world.history.add({ op: 'cold', readers: READERS * processes, processes, loads })
}
