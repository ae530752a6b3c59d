import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { HELP, type Options, readOptions } from './options.ts'
import { runOutage } from './outage.ts'
import { outageJson, outageText } from './outage-report.ts'
import { Progress } from './progress.ts'
import { reportJson, reportText, violationText } from './report.ts'
import { type PartResult, runPart } from './run-part.ts'

// An end by hand ends the servers too: they listen to `exit`.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(130))
process.exitCode = await main()

async function main(): Promise<number> {
  const options = readArguments()
  if (options === null) return 2
  if (!options) {
    console.log(HELP)
    return 0
  }
  console.log(`seed ${options.seed}; the same run again: ${options.replay}`)
  const folder = mkdtempSync(join(tmpdir(), 'agent-memory-faults-'))
  try {
    return options.outageSeconds === undefined
      ? await runAll(options, folder)
      : await takeAway(options, folder)
  } finally {
    if (options.keepsHistory) console.log(`The history is in ${folder}.`)
    else rmSync(folder, { recursive: true, force: true })
  }
}

/** Undefined where help is asked for, null where it cannot be understood. */
function readArguments(): Options | undefined | null {
  try {
    return readOptions(process.argv.slice(2))
  } catch (error) {
    console.error(`${error instanceof Error ? error.message : String(error)}\n\n${HELP}`)
    return null
  }
}

async function runAll({ parts, seed, json, replay }: Options, folder: string): Promise<number> {
  const results: PartResult[] = []
  const progress = new Progress()
  for (const part of parts) {
    results.push(await runPart(part, { seed, folder, say: (text) => progress.show(text) }))
  }
  progress.stop()
  console.log(`\n${reportText(results)}\n`)
  if (json) writeFileSync(json, `${JSON.stringify(reportJson(results, seed), null, 2)}\n`)
  // What libraries break is in the table: they never promised it to us.
  const broken = results.filter(({ part, violationCount }) => violationCount > 0 && !part.usesLibraries)
  if (broken.length === 0) {
    console.log(`No promise was broken (seed ${seed}).`)
    return 0
  }
  for (const { part, violations } of broken) {
    for (const violation of violations) console.log(`${part.topology}: ${violationText(violation)}`)
  }
  console.log(`Promises were broken. The same faults again: ${replay}`)
  return 1
}

async function takeAway({ parts, seed, json, outageSeconds = 0 }: Options, folder: string): Promise<number> {
  const [part] = parts
  if (!part) throw new RangeError('no topology')
  const progress = new Progress()
  const result = await runOutage(part, {
    seconds: outageSeconds,
    seed,
    folder,
    say: (text) => progress.show(text),
  })
  progress.stop()
  console.log(`\n${outageText(result)}\n`)
  if (json) writeFileSync(json, `${JSON.stringify(outageJson(result, seed), null, 2)}\n`)
  const { verdict, problems } = result
  if (verdict.violationCount + problems.length === 0) return 0
  console.log([...problems, ...verdict.violations.map(violationText)].join('\n'))
  return 1
}
