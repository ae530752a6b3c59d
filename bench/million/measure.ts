import { openClient, type TestClient } from '../mcp-client.ts'
import { median, percentile } from '../measure.ts'
import { processorTimes, residentBytes, usedMs } from './processes.ts'
import type { Env, Raw } from './raw.ts'
import type { Questions } from './texts.ts'

const RAW_EVERY = 5

/** What searches of one kind of question took, in milliseconds. */
export interface Figures {
  readonly place: string
  readonly kind: string
  readonly median: number
  readonly p95: number
  /** Time on a processor, of server and database together: what a machine that does nothing else would take, or less. */
  readonly processorMedian: number
  readonly processor95: number
  readonly rawMedian: number | null
  /** How often the entry that the question is made of is among the first ten; null where it is made of none. */
  readonly found: number | null
}

export interface Measured {
  readonly rows: readonly Figures[]
  /** Of the server after its first search, and after all. */
  readonly resident: readonly [first: number, last: number]
}

/** Questions asked of a real server one after the other, each beside the bare statement of the same words. */
export async function measureIn(
  env: Env,
  place: string,
  { questions, raw, isRawTimed }: { questions: readonly Questions[]; raw: Raw; isRawTimed: boolean },
): Promise<Measured> {
  const client = await openClient({ ...env, AGENT_MEMORY_PROJECT: place })
  try {
    // Its pages and plans are loaded once in the life of a server.
    for (const word of ['deployment', 'library', 'walrus']) await ask(client, word)
    const first = residentBytes(client.pid)
    const rows: Figures[] = []
    for (const each of questions) rows.push(await measureKind({ client, raw, isRawTimed }, place, each))
    return { rows, resident: [first, residentBytes(client.pid)] }
  } finally {
    await client.close()
  }
}

async function measureKind(
  { client, raw, isRawTimed }: { client: TestClient; raw: Raw; isRawTimed: boolean },
  place: string,
  { kind, asked }: Questions,
): Promise<Figures> {
  const [times, processor, rawTimes]: [number[], number[], number[]] = [[], [], []]
  const pids = [client.pid, ...(await raw.others())]
  let found = 0
  for (const [at, { query, of }] of asked.entries()) {
    const before = processorTimes(pids)
    const started = performance.now()
    const names = await ask(client, query)
    times.push(performance.now() - started)
    processor.push(usedMs(before, processorTimes(pids)))
    if (of !== null && names.includes(of)) found++
    // The bare statement goes through every row of a common word: some of them tell enough.
    if (isRawTimed && at % RAW_EVERY === 0) rawTimes.push(await raw.time(query))
  }
  return {
    place,
    kind,
    median: median(times),
    p95: percentile(times, 0.95),
    processorMedian: median(processor),
    processor95: percentile(processor, 0.95),
    rawMedian: isRawTimed ? median(rawTimes) : null,
    found: asked.some(({ of }) => of !== null) ? found / asked.length : null,
  }
}

async function ask(client: TestClient, query: string): Promise<string[]> {
  const { results } = await client.call('memory_query', { action: 'search', query, limit: 10 })
  return (results as { name: string }[]).map(({ name }) => name)
}
