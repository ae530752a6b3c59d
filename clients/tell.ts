import { table } from '../faults/table.ts'
import type { CliClient } from './agents/client.ts'
import type { Way } from './scenario/ways.ts'
import type { Step } from './story.ts'

/** What was seen of each client on one way. */
export type Seen = ReadonlyMap<CliClient, readonly Step[]>

export function tellTable({ name, steps }: Way, seen: Seen): void {
  const columns = [...seen]
  console.log(
    table([
      [`over ${name}`, ...columns.map(([client]) => nameOf(client))],
      ...steps.map((step) => [step, ...columns.map(([, stepsOfOne]) => verdict(stepsOfOne, step))]),
    ]),
  )
}

export function tellTranscript({ name }: Way, seen: Seen): void {
  for (const [client, steps] of seen) {
    console.log(`\n## ${nameOf(client)} over ${name}`)
    for (const step of steps) console.log(`\n### ${step.name}\n${step.seen}`)
  }
}

/** Answers how many there were. */
export function tellFailures({ name }: Way, seen: Seen): number {
  const failures = [...seen].flatMap(([client, steps]) =>
    steps
      .filter(({ isFine }) => !isFine)
      .map((step) => `${nameOf(client)} over ${name}, ${step.name}: ${step.seen}`),
  )
  for (const failure of failures) console.log(failure)
  return failures.length
}

export function nameOf({ title, version }: CliClient): string {
  return `${title} ${version}`
}

function verdict(steps: readonly Step[], name: string): string {
  const step = steps.find((candidate) => candidate.name === name)
  if (step === undefined) return '-'
  return step.isFine ? 'ok' : 'FAILED'
}
