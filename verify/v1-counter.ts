import { readFileSync, writeFileSync } from 'node:fs'
import { type Agent, isPassing, isRefusal } from './agent.ts'
import { ensure, milliseconds, sleep, Violation } from './claim.ts'
import { type Instance, InstanceLost } from './instance.ts'
import type { Claim } from './world.ts'

const INSTANCES = 3
const AGENTS_EACH = 4
const KILLS = 6
const INCREMENTS_A_KILL = 50
/** What an agent that died with its instance leaves behind is free after this. */
const TTL_MS = 2_500
const WAIT_MS = 10_000
/** An agent that is so late does not write any more. Clocks may differ by a second. */
const MARGIN_MS = 1_200

interface Ledger {
  readonly file: string
  written: number
  /** Written, and the lock's return was answered. */
  acknowledged: number
  tooLate: number
  died: number
  isOver: boolean
  /** A failure that no agent should meet. */
  failure?: unknown
}

/** Instances die with their agents, at any point between two calls; the others must not lose or repeat an increment. */
export const counter: Claim = {
  name: 'V1',
  title: 'a counter in a file, incremented under the lock while instances are killed, loses nothing',
  async run(world) {
    const ledger: Ledger = {
      file: world.file('counter'),
      written: 0,
      acknowledged: 0,
      tooLate: 0,
      died: 0,
      isOver: false,
    }
    writeFileSync(ledger.file, '0 0')
    const lives: Promise<void>[] = []
    const crew = async (name: string) => {
      const instance = await world.start(name)
      for (let i = 0; i < AGENTS_EACH; i++) lives.push(live(world.agent(`${name}-${i}`, instance), ledger))
      return instance
    }
    try {
      const instances = await Promise.all(Array.from({ length: INSTANCES }, (_, i) => crew(`I${i}`)))
      const longestMs = await disturb(ledger, instances, crew)
      ledger.isOver = true
      await Promise.all(lives)
      if (ledger.failure !== undefined) throw ledger.failure
      return `${balance(ledger)}, longest pause ${milliseconds(longestMs)}`
    } finally {
      ledger.isOver = true
    }
  },
}

function balance({ file, written, acknowledged, died, tooLate }: Ledger): string {
  const { number } = read(file)
  const unknown = written - acknowledged
  ensure(number === written, `the file says ${number} after ${written} increments`)
  ensure(
    unknown <= died + tooLate,
    `${unknown} increments were not acknowledged, but only ${died} agents died and ${tooLate} were too late`,
  )
  return `${acknowledged} acknowledged + ${unknown} unknown = ${number} in the file; ${KILLS} × kill -9, ${died} agents died with them`
}

/** Kills one instance after the other and puts a new one in its place. Answers the longest time without an increment. */
async function disturb(
  ledger: Ledger,
  instances: Instance[],
  crew: (name: string) => Promise<Instance>,
): Promise<number> {
  let longestMs = 0
  for (let kill = 1; kill <= KILLS; kill++) {
    longestMs = Math.max(longestMs, await progress(ledger, kill * INCREMENTS_A_KILL))
    await instances[kill % INSTANCES]?.kill()
    instances[kill % INSTANCES] = await crew(`I${kill % INSTANCES}-${kill}`)
  }
  return Math.max(longestMs, await progress(ledger, (KILLS + 1) * INCREMENTS_A_KILL))
}

async function progress(ledger: Ledger, goal: number): Promise<number> {
  let [longestMs, last, since] = [0, ledger.written, performance.now()]
  while (ledger.written < goal) {
    await sleep(5)
    if (ledger.failure !== undefined) throw ledger.failure
    const now = performance.now()
    longestMs = Math.max(longestMs, now - since)
    ensure(
      now - since < WAIT_MS,
      `nobody got the lock for ${WAIT_MS} ms, although locks end after ${TTL_MS} ms`,
    )
    if (ledger.written > last) [last, since] = [ledger.written, now]
  }
  return longestMs
}

async function live(agent: Agent, ledger: Ledger): Promise<void> {
  try {
    while (!ledger.isOver) await increment(agent, ledger).catch(bear)
  } catch (error) {
    if (error instanceof InstanceLost) ledger.died++
    else ledger.failure ??= error
  }
}

/** Errors that any agent may meet, and that are tried again. */
async function bear(error: unknown): Promise<void> {
  if (!isPassing(error) && !isRefusal(error, ['FILE_LOCKED'])) throw error
  await sleep(20)
}

async function increment(agent: Agent, ledger: Ledger): Promise<void> {
  const { file } = ledger
  const lock = await agent.checkout(file, { ttl_ms: TTL_MS, wait_ms: WAIT_MS })
  const isInTime = () => Date.now() < Date.parse(lock.expires_at) - MARGIN_MS
  const isValid = await agent.verify(file, lock.fencing_token)
  ensure(isValid || !isInTime(), `${agent.id} lost the lock before its time, says verify`)
  const { number } = read(file)
  await sleep(Math.random() * 3)
  if (!isValid || !isInTime()) {
    ledger.tooLate++
    return
  }
  const { token } = read(file)
  ensure(token < lock.fencing_token, `fencing_token ${lock.fencing_token} came after ${token}`)
  writeFileSync(file, `${number + 1} ${lock.fencing_token}`)
  ledger.written++
  const error = await agent.checkin(file).catch((refusal: unknown) => refusal)
  if (error instanceof InstanceLost) throw error
  if (!(error instanceof Error)) ledger.acknowledged++
  else if (isInTime()) throw new Violation(`${agent.id} lost the lock before its time: ${error.message}`)
  else ledger.tooLate++
}

function read(file: string): { number: number; token: number } {
  const [number, token] = readFileSync(file, 'utf8').split(' ').map(Number)
  return { number: number ?? Number.NaN, token: token ?? Number.NaN }
}
