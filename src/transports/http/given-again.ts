import type { Instance } from '../../operations/instance.ts'
import type { Caller } from '../../services/running/caller.ts'

/** What is counted when an answer is given again. */
export interface Counted {
  readonly caller: Caller
  readonly tool: string
  readonly action: string | null
}

/**
 * The answer that is kept under that name, where all that it follows from still holds and its agent is to be told nothing besides. The
 * call is admitted, or refused, as every other; `record` is left to the caller.
 */
export async function givenAgain<T extends Counted>(
  { services, pipeline }: Instance,
  name: string,
): Promise<T | undefined> {
  const { wholeAnswers, notices, arrivals } = services
  const known = wholeAnswers.peek<T>(name)
  // What the agent is to be told stands in an answer of its own. Asked in the same turn as the cache asks: one look serves both.
  if (!known || !notices.isQuiet(known.caller.agentId)) return undefined
  const kept = await wholeAnswers.find<T>(name)
  if (!kept) return undefined
  await pipeline.admit?.(kept.caller.agentId)
  await arrivals.note(kept.caller)
  return kept
}

/** Milliseconds since that moment, as records have them. */
export function sinceMs(started: number): number {
  return Math.round((performance.now() - started) * 1000) / 1000
}
