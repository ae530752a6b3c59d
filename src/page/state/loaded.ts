import { useSignalEffect } from '@preact/signals'
import { useCallback, useEffect, useRef, useState } from 'preact/hooks'
import { Refusal, wordsOf } from '../client/refusal.ts'
import { changes, type Group } from './live.ts'
import { isReached, keyAsked } from './session.ts'

interface Options {
  /** Read again when one of these changes. */
  readonly groups?: readonly Group[]
  /** And every so often while the page is looked at. */
  readonly everyMs?: number
}

export interface Loaded<T> {
  readonly value: T | undefined
  /** Why there is none, or no newer one. */
  readonly problem: string | undefined
  /** It is not for this key. */
  readonly isForbidden: boolean
  readonly reload: () => void
}

type State<T> = Omit<Loaded<T>, 'reload'>

const NOTHING = { value: undefined, problem: undefined, isForbidden: false }
const SETTLE_MS = 80

/** What `load` answers, kept as it is until there is a newer one. `question` says when another one is asked. */
export function useLoaded<T>(
  load: (signal: AbortSignal) => Promise<T>,
  question: readonly unknown[],
  { groups = [], everyMs }: Options = {},
): Loaded<T> {
  const asked = JSON.stringify(question)
  const [state, setState] = useState<State<T>>(NOTHING)
  const [turn, setTurn] = useState(0)
  const latest = useRef(load)
  latest.current = load
  useEffect(() => {
    const given = new AbortController()
    latest
      .current(given.signal)
      .then((value) => setState({ value, problem: undefined, isForbidden: false }))
      .catch((error: unknown) => {
        if (given.signal.aborted) return
        const isForbidden = error instanceof Refusal && [401, 403].includes(error.status)
        setState((before) => ({ ...before, problem: wordsOf(error), isForbidden }))
      })
    return () => given.abort()
  }, [asked, turn])
  const reload = useCallback(() => setTurn((before) => before + 1), [])
  useChanges(groups, reload)
  useEffect(() => {
    if (everyMs === undefined) return
    const timer = setInterval(() => document.visibilityState === 'visible' && reload(), everyMs)
    return () => clearInterval(timer)
  }, [everyMs, reload])
  const { value, problem, isForbidden } = state
  const isSaid = isReached.value && keyAsked.value === undefined && !isForbidden
  return { value, problem: isSaid ? problem : undefined, isForbidden, reload }
}

/** Calls back soon after one of these groups has changed. */
function useChanges(groups: readonly Group[], changed: () => void): void {
  const seen = useRef<string | undefined>(undefined)
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined)
  useSignalEffect(() => {
    const now = groups.map((group) => changes.value[group] ?? 0).join()
    const isFirst = seen.current === undefined
    if (seen.current === now) return
    seen.current = now
    if (isFirst) return
    clearTimeout(timer.current)
    timer.current = setTimeout(changed, SETTLE_MS)
  })
  useEffect(() => () => clearTimeout(timer.current), [])
}
