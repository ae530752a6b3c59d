import { makeTexts } from '../corpus.ts'
import { WriteInstance } from './instance.ts'

/** The writers, and their scopes. */
export interface Writers {
  readonly name: string
  readonly database: 'sqlite' | 'postgresql'
  readonly instances: number
  readonly agents: number
  readonly projects: number
}

/** Adds a second of all writers together, and of each instance alone. */
export interface AddFigures {
  readonly total: number
  readonly each: readonly number[]
}

/** Servers run for days; before so many V8 has compiled little of what an add goes through. */
const WARM_UP_ADDS = 2_000
const TEXTS = makeTexts(20_000, 11)

/** Every agent adds, one entry after the other; instances are processes, agents calls of one at a time. */
export async function measureAdds(
  { instances: count, agents, projects }: Writers,
  { dist, env, ms }: { dist: string; env: Readonly<Record<string, string>>; ms: number },
): Promise<AddFigures> {
  const instances: WriteInstance[] = []
  try {
    for (let n = 0; n < count; n++) instances.push(await WriteInstance.start(dist, env))
    const scopes = await createProjects(instances[0], projects)
    let texts = 0
    const addFor = async (until: number, most = Number.POSITIVE_INFINITY) => {
      const first = texts
      const done = instances.map(() => 0)
      const started = performance.now()
      await Promise.all(
        Array.from({ length: agents }, async (_, agent) => {
          const place = agent % count
          const scope = { scope_type: 'project', scope_id: scopes[agent % projects] }
          while (performance.now() < until && texts - first < most) {
            const n = texts++
            const text = { ...TEXTS[n % TEXTS.length], name: `entry ${n}` }
            const who = { agent_id: `agent-${agent}` }
            await instances[place]?.call('memory_knowledge', { action: 'add', ...who, ...scope, ...text })
            done[place] = (done[place] ?? 0) + 1
          }
        }),
      )
      const seconds = (performance.now() - started) / 1_000
      return done.map((adds) => adds / seconds)
    }
    await addFor(Number.POSITIVE_INFINITY, WARM_UP_ADDS)
    const each = await addFor(performance.now() + ms)
    return { total: each.reduce((sum, adds) => sum + adds, 0), each }
  } finally {
    await Promise.all(instances.map((instance) => instance.stop()))
  }
}

async function createProjects(instance: WriteInstance | undefined, count: number): Promise<unknown[]> {
  const ids: unknown[] = []
  for (let n = 0; n < count; n++) {
    const made = await instance?.call('memory_scope', {
      action: 'create',
      scope_type: 'project',
      name: `project ${n}`,
    })
    ids.push(made?.['id'])
  }
  return ids
}
