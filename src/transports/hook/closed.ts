import { answerFor, type HookAnswer, LET_GO_ON } from '../../domain/hooks/answer.ts'
import { type HookCall, readHookEvent } from '../../domain/hooks/read.ts'
import { toolWrites } from '../../domain/hooks/writes.ts'

/** The answer where the memory does not answer and the project allows no edits without it; also in the small program that a hook is. */
export function closedAnswer(call: Omit<HookCall, 'payload'>, payload: string): HookAnswer {
  const event = readHookEvent({ ...call, payload: parsed(payload) })
  if (typeof event === 'string' || event.kind !== 'tool-before') return LET_GO_ON
  const { paths, into = [] } = toolWrites(event)
  if (paths.length + into.length === 0) return LET_GO_ON
  return answerFor(event, {
    block:
      'Not written: the memory does not answer, and here no edit goes on then (fail_closed). Tell the user to run agent-memory doctor.',
  })
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
