import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { AppError, ERRORS } from '../../src/domain/errors.ts'
import type { Operation } from '../../src/operations/define.ts'
import { OPERATIONS } from '../../src/operations/index.ts'
import { runOperation } from '../../src/operations/run.ts'
import { anyCharacter } from '../support/any-character.ts'
import { openTestApp, type TestApp } from '../support/app.ts'

let t: TestApp
beforeAll(async () => {
  t = await openTestApp()
})
afterAll(() => t.close())

/** Texts that have broken programs before. */
const NASTY = [
  '',
  ' ',
  '\0',
  '\ud800',
  '"a',
  'NEAR/',
  '*',
  "'; drop table entry; --",
  '../../etc/passwd',
  'x'.repeat(20_000),
  '🦭',
  '__proto__',
  'constructor',
  '{}',
  'null',
  'global',
  '2026-13-99T99:99:99Z',
  '9'.repeat(400),
]

const value: fc.Arbitrary<unknown> = fc.oneof(
  fc.constantFrom(...NASTY),
  fc.string({ unit: anyCharacter, maxLength: 40 }),
  fc.jsonValue({ maxDepth: 3 }),
  fc.double(),
  fc.constantFrom(0, -1, 1, 2 ** 53, Number.MAX_VALUE, -0),
)

/** Some of the operation's own arguments and some unknown ones, with any values. */
function argumentsOf(operation: Operation): fc.Arbitrary<Record<string, unknown>> {
  const known = Object.keys(operation.input.shape)
  const key = fc.oneof(
    { weight: 8, arbitrary: fc.constantFrom(...known, 'agent_id') },
    { weight: 1, arbitrary: fc.constantFrom(...NASTY) },
  )
  return fc.dictionary(key, value, { maxKeys: 6, noNullPrototype: true })
}

/** Whatever is given: an answer that fits the schema, or an error of the table that is the caller's to mend. */
async function answersOrRefuses(operation: Operation, args: Record<string, unknown>): Promise<void> {
  const signal = AbortSignal.timeout(200)
  const ctx = t.app.context({ agentId: 'fuzz', workspace: t.workspace }, { signal })
  try {
    const answer = await runOperation(t.app.pipeline, ctx, operation, args)
    operation.output.parse(JSON.parse(JSON.stringify(answer)))
  } catch (error) {
    expect(error).toBeInstanceOf(AppError)
    if (!(error instanceof AppError)) return
    expect(Object.keys(ERRORS)).toContain(error.errorName)
    expect(error.errorName, String(error.cause)).not.toBe('INTERNAL_ERROR')
    expect(error.errorName, String(error.cause)).not.toBe('DATABASE_ERROR')
    expect(error.message.length).toBeGreaterThan(5)
    expect(error.message.length).toBeLessThan(1_000)
  }
}

describe.each(OPERATIONS.map((operation) => [`${operation.tool} ${operation.action}`, operation] as const))(
  '%s',
  (_name, operation) => {
    test('takes any arguments without breaking', async () => {
      const property = fc.asyncProperty(argumentsOf(operation), (args) => answersOrRefuses(operation, args))
      await fc.assert(property, { numRuns: 60 })
    })
  },
)
