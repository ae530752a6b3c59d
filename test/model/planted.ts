import { expect, test } from 'vitest'
import { begun, type Model, type Search, search, summary } from './checker.ts'

interface Named<S> {
  readonly name: string
  readonly model: Model<S>
}

export interface Planted<S> {
  readonly mistake: string
  readonly model: Model<S>
  /** The first steps of the counterexample, where it is too far away for a test run. */
  readonly begun: readonly string[]
}

const MOST = 1_000_000

/** The protocol keeps its promises in all states, and no planted mistake does: without the second, the first says little. */
export function modelTests<S>(
  name: string,
  { searches, mistakes }: { searches: readonly Named<S>[]; mistakes: readonly Planted<S>[] },
): void {
  test(`${name}: no promise is broken in any state`, () => {
    const found = searches.map(({ model }) => search(model, MOST))
    process.stdout.write(`${summary(name, found)}\n`)
    expect(found.flatMap(({ violation }) => violation ?? [])).toEqual([])
  })

  test.each(mistakes)(`${name}: it is noticed: $mistake`, (planted) => {
    const { violation } = findMistake(planted)
    expect(violation?.promise).toEqual(expect.any(String))
  })
}

/** The search for a planted mistake; its trace begins with the steps that were given. */
export function findMistake<S>({ model, begun: labels }: Planted<S>): Search {
  const found = search(begun(model, labels), MOST)
  const { violation } = found
  return violation ? { ...found, violation: { ...violation, trace: [...labels, ...violation.trace] } } : found
}
