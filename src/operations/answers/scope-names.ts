import type { Answer } from './fit.ts'

/** The names of the scopes with these ids, and under '' that of the current project. */
export type ScopeNames = (ids: readonly string[]) => Promise<ReadonlyMap<string, string>>

/** The answer, and what it lists, each with its scope as one thing that has a name: an id alone says nothing to its reader. */
export async function namedScopes(answer: Answer, scopeNames: ScopeNames): Promise<Answer> {
  const found = listsOf(answer)
  // What is in no scope, health say, is answered without the database.
  if (found.length === 0 && !isInScope(answer)) return answer
  const ids = [...idsIn(answer), ...found.flatMap(([, items]) => items.flatMap(idsIn))]
  const names = await scopeNames([...new Set(ids)])
  const lists = found.map(([key, items]) => [key, items.map((item) => withScope(item, names))])
  return { ...withScope(answer, names), ...Object.fromEntries(lists) }
}

function listsOf(answer: Answer): [key: string, items: readonly Answer[]][] {
  return Object.entries(answer).flatMap(([key, value]) =>
    Array.isArray(value) && value.some(isInScope) ? [[key, value]] : [],
  )
}

function isInScope(value: unknown): value is Answer {
  return typeof value === 'object' && value !== null && 'scope_type' in value && 'scope_id' in value
}

function idsIn(value: unknown): string[] {
  return isInScope(value) && typeof value['scope_id'] === 'string' ? [value['scope_id']] : []
}

function withScope(value: Answer, names: ReadonlyMap<string, string>): Answer {
  if (!isInScope(value) || 'scope' in value) return value
  const { scope_type: type, scope_id: id } = value
  const name = type === 'global' ? type : names.get(typeof id === 'string' ? id : '')
  return { ...value, scope: { type, id, ...(name === undefined ? {} : { name }) } }
}
