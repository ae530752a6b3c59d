import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { runStep } from './step.ts'

// Everything that `npm test` checks: the tests of vitest on one side, the other checks one after the other beside them, for
// each leaves a core idle now and then. What uses `dist/` comes before what builds it anew. All steps run, whatever fails
// before; the last line on stdout counts the tests of vitest and every other step as one.

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

const TESTS: Step = {
  name: 'tests',
  command: [
    'vitest/vitest.mjs',
    'run',
    '--reporter=default',
    '--reporter=json',
    `--outputFile.json=${report}`,
  ],
  count: countTests,
}

const CHECKS: readonly Step[] = [
  { name: 'types', command: ['typescript/bin/tsc', '-p', '.'] },
  { name: 'types of the page', command: ['typescript/bin/tsc', '-p', 'src/page'] },
  { name: 'format and lint', command: ['@biomejs/biome/bin/biome', 'check', '.'] },
  { name: 'layers and cycles', command: ['scripts/check-layers.ts'] },
  { name: 'unused code', command: ['knip/bin/knip.js'] },
  { name: 'generated files', command: ['scripts/generate.ts', '--check'] },
  { name: 'promises from outside', command: ['verify/run.ts', 'V2', 'V6', 'V7'] },
  { name: 'a broken build is noticed', command: ['verify/run.ts', '--broken', 'V6', 'V7'] },
  // About a minute of what `npm run faults -- --long` does for half an hour.
  { name: 'faults', command: ['faults/run.ts', '--seed', '20261123'] },
]

const PACKAGE: Step = { name: 'package', command: ['scripts/try-package.ts'] }

process.exitCode = await runAll()

async function runAll(): Promise<number> {
  const counts = new Map<string, Count>()
  const run = async (steps: readonly Step[]) => {
    for (const step of steps) counts.set(step.name, await runOne(step))
  }
  try {
    await Promise.all([run([TESTS]), run(CHECKS)])
    await run([PACKAGE])
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
  const failures = [...counts].filter(([, { failed }]) => failed > 0).map(([name]) => name)
  const sum = (of: keyof Count) => [...counts.values()].reduce((total, count) => total + count[of], 0)
  if (failures.length > 0) console.log(`failed: ${failures.join(', ')}`)
  console.log(`${sum('passed')} passed, ${sum('failed')} failed`)
  return failures.length === 0 ? 0 : 1
}

/** What a step prints comes in one piece: two run at a time. */
async function runOne({ name, command, count = countOne }: Step): Promise<Count> {
  const started = performance.now()
  const { succeeded, output } = await runStep(ROOT, command)
  const counted = count(succeeded)
  const verdict = counted.failed === 0 ? 'ok' : 'FAILED'
  const seconds = ((performance.now() - started) / 1000).toFixed(1)
  process.stdout.write(`\n--- ${name}\n${output}--- ${name}: ${verdict} (${seconds} s)\n`)
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
