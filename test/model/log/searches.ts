import { LOG_MISTAKES, type LogSetup, logModel } from './model.ts'

const SEARCHES: Readonly<Record<string, LogSetup>> = {
  'three writers in three scopes': { scopes: ['a', 'b', 'c'] },
  'four writers in two scopes': { scopes: ['a', 'a', 'b', 'b'] },
  'four writers, one with all locks': { scopes: ['a', 'a', 'b', 'b'], alone: [3] },
}

export const logSearches = Object.entries(SEARCHES).map(([name, setup]) => ({
  name: `log: ${name}`,
  model: logModel(`log: ${name}`, setup),
}))

export const logMistakes = LOG_MISTAKES.map((mistake) => ({
  mistake,
  model: logModel(mistake, { scopes: ['a', 'a', 'b'], alone: [1], ...withoutAlone(mistake), mistake }),
  begun: [],
}))

/** Mistakes of those side by side are looked for among them. */
function withoutAlone(mistake: string): Partial<LogSetup> {
  return mistake.includes('all locks') ? {} : { alone: [] }
}
