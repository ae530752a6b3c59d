import { Histogram, type Percentiles } from '../histogram.ts'
import type { Arguments, Call } from './calls.ts'
import type { SharedEntry } from './settings.ts'

/** How long single calls take, one after the other, beside the work. */
export interface Speeds {
  /** A search whose answer is kept. */
  readonly search: Percentiles
  /** The same, compared with the database's version: one lookup of a key. */
  readonly strong: Percentiles
  /** An entry read from the database, past all caches. */
  readonly get: Percentiles
}

const CALLS = 500

export async function measureSpeeds(call: Call, { id, word, projectId }: SharedEntry): Promise<Speeds> {
  const scope = { scope_type: 'project', scope_id: projectId }
  const search = { query: word, ...scope }
  return {
    search: await measure(call, 'memory_query search', search),
    strong: await measure(call, 'memory_query search', { ...search, consistency: 'strong' }),
    get: await measure(call, 'memory_knowledge get', { id }),
  }
}

async function measure(call: Call, name: string, args: Arguments): Promise<Percentiles> {
  const times = new Histogram()
  for (let n = 0; n < CALLS; n++) {
    const started = performance.now()
    const answer = await call('reader', name, args)
    if ('error' in answer) throw new Error(`${name}: ${answer.error}`)
    times.add((performance.now() - started) * 1_000)
  }
  return times.percentiles()
}
