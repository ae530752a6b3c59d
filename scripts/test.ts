import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { runStep } from './step.ts'

// Everything that `npm test` checks, one step after the other. All of them run, whatever fails before; the last line
// on stdout counts the tests of vitest and every other step as one.

const ROOT = join(import.meta.dirname, '..')
const folder = mkdtempSync(join(tmpdir(), 'agent-memory-test-'))
const report = join(folder, 'vitest.json')

/** A step is one check, unless it counts its own. */
interface Step {
  readonly name: string
  readonly command: readonly string[]
  readonly count?: (succeeded: boolean) => Count
}

interface Count {
  readonly passed: number
  readonly failed: number
}

const STEPS: readonly Step[] = [
  { name: 'types', command: ['typescript/bin/tsc', '-p', '.'] },
  { name: 'format and lint', command: ['@biomejs/biome/bin/biome', 'check', '.'] },
  { name: 'layers and cycles', command: ['scripts/check-layers.ts'] },
  { name: 'unused code', command: ['knip/bin/knip.js'] },
  ...(existsSync(join(ROOT, 'scripts/generate.ts'))
    ? [{ name: 'generated files', command: ['scripts/generate.ts', '--check'] }]
    : []),
  {
    name: 'tests',
    command: [
      'vitest/vitest.mjs',
      'run',
      '--reporter=default',
      '--reporter=json',
      `--outputFile.json=${report}`,
    ],
    count: countTests,
  },
  { name: 'promises from outside', command: ['verify/run.ts', 'V2', 'V6', 'V7'] },
  { name: 'a broken build is noticed', command: ['verify/run.ts', '--broken', 'V6', 'V7'] },
  // About a minute of what `npm run faults -- --long` does for half an hour.
  { name: 'faults', command: ['faults/run.ts', '--seed', '20261123'] },
  { name: 'package', command: ['scripts/try-package.ts'] },
]

process.exitCode = await runAll()

async function runAll(): Promise<number> {
  const total = { passed: 0, failed: 0 }
  const failures: string[] = []
  try {
    for (const step of STEPS) {
      const { passed, failed } = await runOne(step)
      total.passed += passed
      total.failed += failed
      if (failed > 0) failures.push(step.name)
    }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
  if (failures.length > 0) console.log(`failed: ${failures.join(', ')}`)
  console.log(`${total.passed} passed, ${total.failed} failed`)
  return failures.length === 0 ? 0 : 1
}

async function runOne({ name, command, count = countOne }: Step): Promise<Count> {
  console.log(`\n--- ${name}`)
  const started = performance.now()
  const succeeded = await runStep(ROOT, command)
  const counted = count(succeeded)
  const verdict = counted.failed === 0 ? 'ok' : 'FAILED'
  console.log(`--- ${name}: ${verdict} (${((performance.now() - started) / 1000).toFixed(1)} s)`)
  return counted
}

function countOne(succeeded: boolean): Count {
  return succeeded ? { passed: 1, failed: 0 } : { passed: 0, failed: 1 }
}

/** A skipped test counts as failed, and so does a run that ended badly although no test failed. */
function countTests(succeeded: boolean): Count {
  if (!existsSync(report)) return { passed: 0, failed: 1 }
  const { numTotalTests, numPassedTests } = JSON.parse(readFileSync(report, 'utf8')) as {
    numTotalTests: number
    numPassedTests: number
  }
  const notPassed = numTotalTests - numPassedTests
  return { passed: numPassedTests, failed: succeeded ? notPassed : Math.max(1, notPassed) }
}
