import { BYTES_PER_TOKEN } from '../../domain/text/tokens.ts'
import { type Answer, fitAnswer, type Room } from './fit.ts'
import { namedScopes, type ScopeNames } from './scope-names.ts'

type Arguments = Readonly<Record<string, unknown>>

/** How the answer to a call is made to fit. */
interface Asked {
  readonly input: Arguments
  /** Tokens of the largest answer; left out where everything may be asked for. */
  readonly ceiling: number | undefined
  readonly scopeNames: ScopeNames
  /** The call once more, for less; left out where it would do something twice, or cannot answer less. */
  readonly again?: Room['again']
}

/** The arguments with their budgets no higher than the ceiling. */
export function capped(input: Arguments, ceiling = Infinity): Record<string, unknown> {
  const budgets = ['token_budget', 'max_tokens'].filter((name) => typeof input[name] === 'number')
  return {
    ...input,
    ...Object.fromEntries(budgets.map((name) => [name, Math.min(Number(input[name]), ceiling)])),
  }
}

/** The answer as it goes out. Where neither a budget nor a ceiling was set it is the whole. */
export async function withinCeiling(answer: Answer, asked: Asked): Promise<Answer> {
  const room = roomOf(asked)
  if (!room) return answer
  const named = (value: Answer) => namedScopes(value, asked.scopeNames)
  const { again } = asked
  return fitAnswer(await named(answer), {
    ...room,
    again: again && (async (less) => named(await again(less))),
  })
}

function roomOf({ input, ceiling }: Asked): Room | undefined {
  // A context's budget is of its text, which its packer keeps.
  const isContext = 'format' in input
  const budget = isContext ? undefined : numberIn(input, 'token_budget')
  const most = numberIn(input, 'max_tokens')
  const offset = numberIn(input, 'offset')
  const tokens = budget ?? ceiling
  if (tokens === undefined && most === undefined && !offset) return undefined
  return {
    bytes: (tokens ?? Infinity) * BYTES_PER_TOKEN,
    contentBytes: most === undefined ? undefined : most * BYTES_PER_TOKEN,
    offset,
  }
}

function numberIn(input: Arguments, name: string): number | undefined {
  const value = input[name]
  return typeof value === 'number' ? value : undefined
}
