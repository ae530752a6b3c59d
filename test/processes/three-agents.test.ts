import { expect, test } from 'vitest'
import { threeAgents } from '../../scripts/three-agents.ts'
import { testProgram } from '../support/test-programs.ts'

// The example, by turns instead of time: real processes, real hooks, one repository.

const PROGRAM = ['--no-warnings', testProgram('hook-launcher.ts')]

test('three agents on the same files lose edits without hooks', async () => {
  const { edits, lost } = await threeAgents({ program: null, turns: 4, seconds: null })
  expect(edits).toBe(24)
  expect(lost).toBeGreaterThan(0)
})

test('… and none with them', async () => {
  const { edits, lost, blocked } = await threeAgents({ program: PROGRAM, turns: 3, seconds: null })
  expect(edits).toBe(18)
  expect(lost).toBe(0)
  expect(blocked).toBeGreaterThan(0)
})
