/** Takes a step of the model: what happened, in a few words, the state after it, and the promise that it breaks, if any. */
export type Emit<S> = (label: string, next: S, broken?: string) => void

/** A protocol as a state machine. States are never changed, only replaced. */
export interface Model<S> {
  readonly name: string
  readonly initial: S
  /** Equal for states from which the same things can happen. */
  key(state: S): string
  /** Every step that is possible now: one script, one statement or one stretch of code without a pause each. */
  steps(state: S, emit: Emit<S>): void
}

export interface Violation {
  /** The promise that was broken. */
  readonly promise: string
  /** The shortest way there. */
  readonly trace: readonly string[]
}

export interface Search {
  readonly states: number
  readonly steps: number
  /** Steps to the farthest state. */
  readonly depth: number
  readonly ms: number
  readonly violation: Violation | null
}

/** Looks at every state that can be reached, nearest first, until a promise is broken. Throws at more states than `most`. */
export function search<S>(model: Model<S>, most: number): Search {
  const began = performance.now()
  const ids = new Map([[model.key(model.initial), 0]])
  const parents = [-1]
  let steps = 0
  let depth = 0
  let found: { parent: number; promise: string } | undefined
  let level: [number, S][] = [[0, model.initial]]
  while (level.length > 0 && !found) {
    const next: [number, S][] = []
    for (const [id, state] of level) {
      model.steps(state, (_, after, broken) => {
        steps++
        if (broken !== undefined) found ??= { parent: id, promise: broken }
        const key = model.key(after)
        if (ids.has(key)) return
        next.push([ids.size, after])
        ids.set(key, ids.size)
        parents.push(id)
      })
      if (found) break
      if (ids.size > most) throw new Error(`${model.name}: more than ${most} states`)
    }
    level = next
    if (next.length > 0) depth++
  }
  const violation = found
    ? { promise: found.promise, trace: traceTo(model, { keys: [...ids.keys()], parents }, found.parent) }
    : null
  return { states: ids.size, steps, depth, ms: performance.now() - began, violation }
}

/** The steps to a state and the bad one after it, found again by walking there once more. */
function traceTo<S>(
  model: Model<S>,
  { keys, parents }: { keys: string[]; parents: number[] },
  id: number,
): string[] {
  const path: number[] = []
  for (let at = id; at > 0; at = parents[at] ?? -1) path.unshift(at)
  const trace: string[] = []
  let state = model.initial
  const walk = (isWanted: (after: S, broken: string | undefined) => boolean) => {
    let step: { label: string; after: S } | undefined
    model.steps(state, (label, after, broken) => {
      if (!step && isWanted(after, broken)) step = { label, after }
    })
    if (!step) throw new Error(`${model.name}: the way there is lost`)
    trace.push(step.label)
    state = step.after
  }
  for (const at of path) walk((after) => model.key(after) === keys[at])
  walk((_, broken) => broken !== undefined)
  return trace
}

/** The model from where these steps lead. */
export function begun<S>(model: Model<S>, labels: readonly string[]): Model<S> {
  const initial = labels.reduce((state, wanted) => {
    let after: S | undefined
    model.steps(state, (label, next) => {
      if (label === wanted) after ??= next
    })
    if (after === undefined) throw new Error(`${model.name}: '${wanted}' is not possible there`)
    return after
  }, model.initial)
  return { ...model, initial }
}

/** Two states of one key of which something different may come: then the key leaves out what matters. Null if there are none. */
export function confused<S>(model: Model<S>, most: number): readonly [S, S] | null {
  const first = new Map([[model.key(model.initial), model.initial]])
  const open = [model.initial]
  for (let state = open.pop(); state !== undefined; state = open.pop()) {
    const found: S[] = []
    model.steps(state, (_, after) => found.push(after))
    for (const after of found) {
      const before = first.get(model.key(after))
      if (before === undefined) {
        first.set(model.key(after), after)
        open.push(after)
      } else if (futureOf(model, before) !== futureOf(model, after)) return [before, after]
    }
    if (first.size > most) throw new Error(`${model.name}: more than ${most} states`)
  }
  return null
}

function futureOf<S>(model: Model<S>, state: S): string {
  const keys = new Set<string>()
  model.steps(state, (_, after, broken) => keys.add(`${model.key(after)} ${broken !== undefined}`))
  return [...keys].sort().join('\n')
}

/** One line on some searches, as the test run prints it. */
export function summary(name: string, searches: readonly Search[]): string {
  const sum = (of: (each: Search) => number) => searches.reduce((all, each) => all + of(each), 0)
  const violations = sum(({ violation }) => (violation ? 1 : 0))
  const states = sum((each) => each.states).toLocaleString('en-US')
  return `${name}: ${states} states, ${violations} violations, ${(sum(({ ms }) => ms) / 1_000).toFixed(1)} s`
}
