import { useState } from 'preact/hooks'

const drafts = new Map<string, unknown>()

/** Whether something of that was typed that is neither saved nor given up. */
export function hasDraft(about: string): boolean {
  return drafts.has(about)
}

/** What of that was typed; undefined where nothing was. */
export function draftOf<T>(about: string): T | undefined {
  return drafts.get(about) as T | undefined
}

export function keepDraft(about: string, draft: unknown): void {
  drafts.set(about, draft)
}

/** What is typed outlives its form: another view may be looked at, and a key may run out meanwhile. */
export function useDraft<T>(about: string, begin: () => T): [draft: T, set: (draft: T) => void] {
  const [draft, setDraft] = useState<T>(() => draftOf<T>(about) ?? begin())
  const set = (changed: T) => {
    keepDraft(about, changed)
    setDraft(changed)
  }
  return [draft, set]
}

/** Whoever signs in next has typed none of it. */
export function dropDrafts(): void {
  drafts.clear()
}

export function dropDraft(about: string): void {
  drafts.delete(about)
}
