import { type Call, untilEmbedded } from './call.ts'
import { type Asked, judged, type Scores } from './figures.ts'

// Memories of coding agents: three projects below one org, and what holds everywhere.

interface Memory {
  readonly key: string
  readonly scope: 'global' | 'org' | 'project'
  readonly org?: string
  readonly project?: string
  readonly type: 'guideline' | 'knowledge' | 'tool' | 'observation'
  readonly name: string
  readonly tags: readonly string[]
  readonly content: string
  readonly session?: string
  readonly speaker?: string
  readonly at?: string
  readonly [field: string]: unknown
}

interface Question {
  readonly q: string
  readonly project: string
  readonly category: string
  /** What answers (2) or helps (1); nothing where no answer exists. */
  readonly relevant: Readonly<Record<string, number>>
}

export interface CodingSet {
  readonly entries: readonly Memory[]
  readonly questions: readonly Question[]
}

export interface Answers {
  readonly asked: readonly Asked[]
  readonly scores: Scores
}

/** Loads the memories and asks every question that has an answer; those that have none are only scored. */
export async function askCoding(call: Call, { entries, questions }: CodingSet): Promise<Answers> {
  const loader = new Loader(call)
  for (const memory of entries) await loader.add(memory)
  await untilEmbedded(call)
  const asked: Asked[] = []
  const scores: Scores = { answerable: [], unanswerable: [] }
  for (const { q, project, category, relevant } of questions) {
    const scope = { scope_type: 'project', scope_id: loader.projects.get(project) }
    const { results, answered } = await call('memory_query', {
      action: 'search',
      query: q,
      ...scope,
      limit: 10,
    })
    const hits = results as { id: string; score: number }[]
    const score = { first: hits[0]?.score ?? 0, isUnlikely: answered === 'unlikely' }
    const wanted = new Set(Object.keys(relevant))
    scores[wanted.size > 0 ? 'answerable' : 'unanswerable'].push(score)
    const found = hits.map(({ id }) => loader.keys.get(id) ?? '')
    if (wanted.size > 0) asked.push(judged(category, found, wanted))
  }
  return { asked, scores }
}

class Loader {
  readonly projects = new Map<string, unknown>()
  readonly keys = new Map<string, string>()
  readonly #call: Call
  readonly #orgs = new Map<string, unknown>()
  readonly #sessions = new Map<string, unknown>()

  constructor(call: Call) {
    this.#call = call
  }

  async add(memory: Memory): Promise<void> {
    const made = memory.type === 'observation' ? await this.#log(memory) : await this.#addEntry(memory)
    this.keys.set(String(made), memory.key)
  }

  async #addEntry(memory: Memory): Promise<unknown> {
    const { key: _key, scope, org: _org, project: _project, type, ...fields } = memory
    const scope_id = await this.#scopeOf(memory)
    const place = scope === 'global' ? { scope_type: 'global' } : { scope_type: scope, scope_id }
    const { global: _global, ...given } = fields
    return (await this.#call(`memory_${type}`, { action: 'add', ...place, ...given }))['id']
  }

  async #log({ project = '', session = '', content, speaker, at }: Memory): Promise<unknown> {
    const project_id = await this.#project(project)
    const make = () => this.#call('memory_scope', { action: 'start', project_id, name: session })
    const session_id = await once(this.#sessions, `${project} ${session}`, make)
    const turns = [{ content, speaker, at }]
    const logged = await this.#call('memory_scope', { action: 'log', session_id, turns })
    return (logged['entries'] as { id: string }[])[0]?.id
  }

  #scopeOf({ scope, org = '', project = '' }: Memory): Promise<unknown> {
    if (scope === 'org') return this.#org(org)
    return scope === 'project' ? this.#project(project) : Promise.resolve(null)
  }

  #org(name: string): Promise<unknown> {
    return once(this.#orgs, name, () =>
      this.#call('memory_scope', { action: 'create', scope_type: 'org', name }),
    )
  }

  /** All projects stand below the first org. */
  #project(name: string): Promise<unknown> {
    const [org_id] = this.#orgs.values()
    const make = () => this.#call('memory_scope', { action: 'create', scope_type: 'project', name, org_id })
    return once(this.projects, name, make)
  }
}

async function once(
  made: Map<string, unknown>,
  key: string,
  make: () => Promise<Record<string, unknown>>,
): Promise<unknown> {
  if (!made.has(key)) made.set(key, (await make())['id'])
  return made.get(key)
}
