import { inspect } from 'node:util'
import { AppError } from '../../src/domain/errors.ts'
import { within } from './until.ts'

type Work = PromiseLike<unknown> | (() => unknown)

/** The AppError that the work ends with; anything else, also no answer at all, fails the test and says what came. */
export async function refusal(work: Work): Promise<AppError> {
  return refusalOf(AppError, work)
}

/** The same for another kind of error. */
export async function refusalOf<E extends Error>(kind: new (...args: never[]) => E, work: Work): Promise<E> {
  const answer = await attempt(work)
  if (answer instanceof kind) return answer
  throw new Error(`a refusal was expected, not ${inspect(answer, { depth: 3 }).slice(0, 500)}`, {
    cause: answer,
  })
}

async function attempt(work: Work): Promise<unknown> {
  try {
    return await within('a refusal', typeof work === 'function' ? work() : work)
  } catch (error) {
    return error
  }
}
