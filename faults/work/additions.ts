import type { Called } from './calls.ts'
import type { WriteParts } from './writes.ts'

/** So many at once: those of one process share a transaction. */
const AT_ONCE = 6
/** Names that all instances want, each of them once a project. */
const WANTED = 2_000

/** Adds several entries at once: all to one project, or each to any. Of one of them the name may be taken. */
export class Additions {
  readonly #parts: WriteParts
  readonly #projects: readonly string[]
  #count = 0

  constructor(parts: WriteParts) {
    this.#parts = parts
    this.#projects = [...new Set(parts.entries.map(({ projectId }) => projectId))]
  }

  async round(): Promise<void> {
    const { random, by } = this.#parts
    const common = random.chance(0.5) ? random.pick(this.#projects) : undefined
    const own = Array.from({ length: AT_ONCE - 1 }, () => ({
      name: `of ${by} ${++this.#count}`,
      isOwn: true,
    }))
    const additions = [...own, { name: `wanted ${random.between(1, WANTED)}`, isOwn: false }]
    await Promise.all(additions.map((one) => this.#add(common ?? random.pick(this.#projects), one)))
  }

  async #add(scope: string, { name, isOwn }: { name: string; isOwn: boolean }): Promise<void> {
    const { history, tally } = this.#parts
    const answer = await this.#call(scope, name)
    if (!('error' in answer)) {
      const { id: entry, version } = answer.result
      history.add({ op: 'added', entry, scope, name, version, sent: answer.sent })
      tally.add('writes')
    } else if (answer.error === 'ALREADY_EXISTS' && !isOwn) {
      history.add({ op: 'taken', scope, name, sent: answer.sent })
    } else history.add({ op: 'failed', what: 'write', ...answer })
  }

  #call(scope: string, name: string): Promise<Called<{ id: string; version: number }>> {
    const args = {
      scope_type: 'project',
      scope_id: scope,
      name,
      content: `text of ${name}`,
      tags: ['added', name],
    }
    return this.#parts.call('writer', 'memory_knowledge add', args)
  }
}
