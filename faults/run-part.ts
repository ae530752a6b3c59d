import { mkdtempSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { lookInCalm } from './calm.ts'
import { checkHistory, type Verdict } from './check-history.ts'
import { mergedHistory } from './history.ts'
import { inject } from './inject.ts'
import type { Part } from './options.ts'
import { type Fault, planFaults } from './plan.ts'
import { Tally } from './work/tally.ts'
import { World } from './world.ts'

export interface PartResult extends Verdict {
  readonly part: Part
  /** How long each App took to close at the end, in ms. */
  readonly closeMs: readonly number[]
}

/** Between two looks in calm. */
const CALM_EVERY_MS = 60_000
/** Over Redis an answer may be so old; on the database alone not at all. */
const BOUND_MS = 1_000

/** Runs one topology with its faults, and checks what was written down. */
export async function runPart(
  part: Part,
  { seed, folder, say }: { seed: number; folder: string; say: (text: string) => void },
): Promise<PartResult> {
  const usesLibraries = part.usesLibraries ?? false
  const { topology, instances, load } = part
  // A run may have several parts of one topology.
  const own = mkdtempSync(join(folder, `${usesLibraries ? 'libraries' : topology}-`))
  say(`${topology}: ${instances} instances start`)
  const plan = planFaults({ ...part, seed })
  const hasStandby = plan.some(({ kind }) => kind === 'PostgreSQL promotion of the standby')
  const world = await World.open({ topology, instances, seed, load, usesLibraries, hasStandby, folder: own })
  const tally = new Tally(world.history)
  try {
    await strike(world, { part, plan, say })
    if (!usesLibraries) await lookInCalm(world, -1)
    const closeMs = await world.stop()
    await noteEnd(world)
    tally.close()
    say(`${topology}: checking`)
    const boundMs = topology === 'sqlite' ? 0 : BOUND_MS
    return { ...checkHistory(mergedHistory(world.histories), { boundMs }), part, closeMs }
  } finally {
    await world.close()
  }
}

const ROWS_IN_LINE = 500

async function noteEnd(world: World): Promise<void> {
  const stored = await world.readStored()
  for (let start = 0; start < stored.length; start += ROWS_IN_LINE)
    world.history.add({ op: 'entries', rows: stored.slice(start, start + ROWS_IN_LINE) })
  const rows = await world.readLog()
  for (let start = 0; start <= rows.length; start += ROWS_IN_LINE) {
    const isEnd = start + ROWS_IN_LINE > rows.length
    world.history.add({ op: 'log', rows: rows.slice(start, start + ROWS_IN_LINE), isEnd })
  }
}

async function strike(
  world: World,
  { part, plan, say }: { part: Part; plan: readonly Fault[]; say: (text: string) => void },
): Promise<void> {
  const started = performance.now()
  let pausedMs = 0
  let lookedAt = 0
  const elapsed = () => performance.now() - started - pausedMs
  for (const [n, fault] of plan.entries()) {
    await sleep(Math.max(0, fault.atMs - elapsed()))
    say(
      `${part.topology}: ${Math.round(elapsed() / 1000)} s, fault ${n + 1} of ${plan.length}: ${fault.kind}`,
    )
    await inject(world, fault)
    if (part.usesLibraries || elapsed() - lookedAt < CALM_EVERY_MS) continue
    const paused = performance.now()
    await lookInCalm(world, n)
    pausedMs += performance.now() - paused
    lookedAt = elapsed()
  }
  await sleep(Math.max(0, part.seconds * 1_000 - elapsed()))
}
