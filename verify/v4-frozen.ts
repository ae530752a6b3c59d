import type { Lock } from './agent.ts'
import { ensure, milliseconds, sleep } from './claim.ts'
import type { Instance } from './instance.ts'
import type { Claim, World } from './world.ts'

const TTL_MS = 1_500
/** An instance that freezes in the middle of writing to PostgreSQL holds up the others until the server ends its transaction. */
const HELD_UP_MS = 3_000
const LATE_MS = 500

/** A laptop lid, a paused container: the instance knows nothing of the time that went by. */
export const frozen: Claim = {
  name: 'V4',
  title: 'an instance that was frozen past its lock has lost it, knows so, and reads nothing old',
  async run(world) {
    const [a, b] = await Promise.all([world.start('A'), world.start('B')])
    const freed = [await freeze(world, [a, b], {}), await freeze(world, [a, b], { keep_alive: true })]
    return `the lock went over ${freed.map(milliseconds).join(' and ')} after it was taken (TTL ${TTL_MS} ms), the second time with keep_alive; verify false, first read new`
  },
}

async function freeze(world: World, [a, b]: [Instance, Instance], more: object): Promise<number> {
  const [ann, bob] = [world.agent('ann', a), world.agent('bob', b)]
  const file = world.file(`frozen-${Object.keys(more).length}.ts`)
  const note = await world.note(a)
  for (let i = 0; i < 3; i++) await note.read(a)
  const old = await ann.take(file, { ttl_ms: TTL_MS, ...more })
  const takenAt = performance.now()
  a.freeze()
  const lock = await bob.take(file, { ttl_ms: 30_000, wait_ms: 10_000 })
  const freedAfter = performance.now() - takenAt
  const number = await note.write(b)
  const firstRead = note.read(a)
  const verdict = ann.verify(file, old.fencing_token)
  await sleep(50)
  a.wake()
  const found = (await firstRead).number
  ensure(found === number, `the first read after waking is ${found}, although ${number} was stored before`)
  later(old, lock)
  ensure(!(await verdict), 'the former holder is told by verify that it still has the lock')
  const limit = Math.max(TTL_MS, HELD_UP_MS) + LATE_MS
  ensure(freedAfter <= limit, `the lock was free only ${milliseconds(freedAfter)} after it was taken`)
  // Time for a renewal that was due.
  await sleep(TTL_MS / 2)
  ensure(await bob.verify(file, lock.fencing_token), 'the former holder has taken the lock back after waking')
  await bob.checkin(file)
  return freedAfter
}

function later(old: Lock, lock: Lock): void {
  const [before, after] = [old.fencing_token, lock.fencing_token]
  ensure(after > before, `the later holder's fencing_token is ${after}, not larger than ${before}`)
}
