import { mkdtempSync, realpathSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Random } from '../faults/random.ts'
import type { Attack } from './attack.ts'
import { attackClocks } from './clocks.ts'
import { attackFiles } from './files.ts'
import { attackWithJunk } from './junk.ts'
import { attackWithKills } from './kills.ts'
import { attackWithMessages } from './messages.ts'
import { Tally } from './tally.ts'

interface Kind {
  readonly name: 'messages' | 'kills' | 'junk' | 'files' | 'clocks'
  readonly usual: number
  readonly attack: (attack: Attack) => Promise<void>
}

export const KINDS: readonly Kind[] = [
  { name: 'messages', usual: 5_000, attack: attackWithMessages },
  { name: 'kills', usual: 20, attack: attackWithKills },
  { name: 'junk', usual: 20, attack: attackWithJunk },
  { name: 'files', usual: 7, attack: attackFiles },
  { name: 'clocks', usual: 8, attack: attackClocks },
]

/** Every kind, as often as `counts` says. What stops an attack is a violation too. */
export async function attackAll(options: {
  readonly seed: number
  readonly counts: Readonly<Record<string, number>>
  readonly seconds?: number | undefined
}): Promise<Tally> {
  const { seed, counts, seconds = Number.POSITIVE_INFINITY } = options
  const tally = new Tally()
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'agent-memory-attack-')))
  try {
    for (const { name, attack } of KINDS) {
      const count = counts[name] ?? 0
      if (count === 0) continue
      const end = performance.now() + seconds * 1_000
      const hasTime = () => performance.now() < end
      const own = mkdtempSync(join(folder, `${name}-`))
      await attack({ tally, random: new Random(seed), count, folder: own, hasTime }).catch((error: unknown) =>
        tally.broken(`${name} stopped: ${error instanceof Error ? error.stack : String(error)}`),
      )
    }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
  return tally
}
