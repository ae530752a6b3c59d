import { EmbeddedEventBus } from '../../src/coordination/embedded/event-bus.ts'
import type { MemoryEvent } from '../../src/domain/event.ts'
import { TextSearchIndex } from '../../src/store/postgres/search/search-index.ts'
import { FtsSearchIndex } from '../../src/store/sqlite/search/index.ts'
import type { HistoryWriter } from '../history.ts'

// What a fault run needs to know or to do inside the product, from outside of it.

let isDoomed = false

/** From now on the next commit of an entry ends this process, before any event of it is published. */
export function dieAfterCommit(): void {
  isDoomed = true
}

/** Writes down what was committed, before any event is published. To be called before the App is opened. */
export function noteCommits(history: HistoryWriter): void {
  before(EmbeddedEventBus.prototype, 'publish', (events: readonly MemoryEvent[]) => {
    const changed = events.flatMap(({ entry }) => (entry ? [entry] : []))
    for (const { id, version } of changed) history.add({ op: 'committed', entry: id, version })
    if (isDoomed && changed.length > 0) process.kill(process.pid, 'SIGKILL')
  })
}

function before<A extends unknown[]>(target: object, name: string, first: (...args: A) => void): void {
  const original: unknown = Reflect.get(target, name)
  if (typeof original !== 'function') throw new TypeError(`nothing is called ${name}`)
  const value = function (this: unknown, ...args: A): unknown {
    first(...args)
    return Reflect.apply(original, this, args)
  }
  Object.defineProperty(target, name, { value })
}

/** How often each question reached the database's search. */
export function countLoads(): (query: string) => number {
  const loads = new Map<string, number>()
  const count = (_db: unknown, { query }: { readonly query: string }) => {
    loads.set(query, (loads.get(query) ?? 0) + 1)
  }
  before(TextSearchIndex.prototype, 'match', count)
  before(new FtsSearchIndex(), 'match', count)
  return (query) => loads.get(query) ?? 0
}
