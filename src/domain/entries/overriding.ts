/** What decides which of several entries of one name is read. */
export interface NamedEntry {
  readonly id: string
  readonly type: string
  readonly name: string
  readonly scopeId: string
}

/** How an entry stands among those of its type and name in a scope chain. */
export interface Standing<T> {
  /** A nearer one is read in its place. */
  readonly isHidden: boolean
  /** The farther ones that it hides, nearest first. */
  readonly overrides: readonly T[]
}

/** Judges entries against all of the same names in `scopeIds`, nearest scope first. Entries of other scopes stand alone. */
export function standingAmong<T extends NamedEntry>(
  namesakes: readonly T[],
  scopeIds: readonly string[],
): (entry: NamedEntry) => Standing<T> {
  const byName = new Map<string, T[]>()
  for (const entry of namesakes) {
    const key = `${entry.type}\n${entry.name}`
    byName.set(key, [...(byName.get(key) ?? []), entry])
  }
  const distance = ({ scopeId }: NamedEntry) => scopeIds.indexOf(scopeId)
  return (entry) => {
    const own = distance(entry)
    const others = byName.get(`${entry.type}\n${entry.name}`) ?? []
    if (own < 0) return { isHidden: false, overrides: [] }
    return {
      isHidden: others.some((other) => distance(other) >= 0 && distance(other) < own),
      overrides: others.filter((other) => distance(other) > own).sort((a, b) => distance(a) - distance(b)),
    }
  }
}
