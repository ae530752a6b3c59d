import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { Random } from '../faults/random.ts'
import { PostgresServer } from '../test/support/postgres-server.ts'
import type { Attack } from './attack.ts'
import { isDoctorContent } from './doctor.ts'
import { Server } from './server.ts'
import { type Group, look, makeShared, sharedVersion, type Trail, Writer } from './writer.ts'

/** Servers on one database at a time. */
const PLACES = 3
/** From the first acknowledged write of a server to its end. */
const MOST_MS = 60
const DOCTOR_EVERY = 100

/** kill -9 in the middle of writes, half of them on SQLite, half on PostgreSQL. */
export async function attackWithKills(attack: Attack): Promise<void> {
  const onSqlite = Math.ceil(attack.count / 2)
  await onDatabase({ ...attack, count: onSqlite }, join(attack.folder, 'sqlite'), {})
  if (attack.count === onSqlite) return
  const postgres = await PostgresServer.start()
  try {
    const env = { AGENT_MEMORY_DB_TYPE: 'postgresql', AGENT_MEMORY_PG_URL: postgres.url() }
    await onDatabase({ ...attack, count: attack.count - onSqlite }, join(attack.folder, 'postgresql'), env)
  } finally {
    await postgres.close()
  }
}

async function onDatabase(attack: Attack, folder: string, more: Record<string, string>): Promise<void> {
  const { count, random, tally, hasTime } = attack
  mkdirSync(join(folder, '.git'), { recursive: true })
  const env = {
    HOME: folder,
    AGENT_MEMORY_DATA_DIR: folder,
    ...more,
    NODE_COMPILE_CACHE: `${folder}/compiled`,
  }
  const options = { env, cwd: folder, tally }
  const witness = await Server.open(options)
  await makeShared(witness)
  const known = new Known(attack, folder)
  let begun = 0
  const strike = async () => {
    const own = new Random(random.between(0, 2 ** 31))
    while (begun < count && hasTime()) {
      const writer = new Writer(`w${++begun}`)
      await writer.start(options)
      await sleep(own.between(0, MOST_MS))
      await writer.kill()
      tally.add('kills')
      await known.take(writer, witness)
      if (known.writers % DOCTOR_EVERY === 0) await known.askDoctor(env)
    }
  }
  await Promise.all(Array.from({ length: PLACES }, strike))
  await witness.close()
  const last = await Server.open(options)
  await known.lookAgain(last)
  await last.close()
  await known.askDoctor(env)
}

/** All that was acknowledged, compared with what is stored. */
class Known {
  readonly #attack: Attack
  readonly #database: string
  readonly #trails: Trail[] = []
  readonly #groups: Group[] = []
  readonly #shared = new Set<number>([1])
  writers = 0

  constructor(attack: Attack, database: string) {
    this.#attack = attack
    this.#database = database
  }

  /** What a killed server was told; another one is asked for it. */
  async take(writer: Writer, server: Server): Promise<void> {
    this.writers++
    for (const text of writer.refusals) this.#broken(text)
    if (writer.late > 0) this.#attack.tally.add('writes refused, PostgreSQL too slow to answer', writer.late)
    for (const trail of writer.trails) await this.#checkTrail(trail, server)
    for (const group of writer.groups) await this.#checkGroup(group, server)
    this.#trails.push(...writer.trails)
    this.#groups.push(...writer.groups)
    for (const version of writer.shared) {
      if (this.#shared.has(version)) this.#broken(`version ${version} of one entry was given twice`)
      this.#shared.add(version)
    }
    const stands = await sharedVersion(server)
    const told = Math.max(...this.#shared)
    if (stands < told) this.#broken(`version ${told} was acknowledged, and ${stands} stands`)
  }

  async lookAgain(server: Server): Promise<void> {
    for (const trail of this.#trails) await this.#checkTrail(trail, server)
    for (const group of this.#groups) await this.#checkGroup(group, server)
  }

  async askDoctor(env: Record<string, string>): Promise<void> {
    this.#attack.tally.add('looks of doctor')
    if (!(await isDoctorContent(env))) this.#broken('doctor is not content')
  }

  async #checkTrail({ name, acknowledged, tried }: Trail, server: Server): Promise<void> {
    const { version, wrong } = await look(server, name)
    this.#attack.tally.add('entries compared after kills')
    if (wrong) this.#broken(`${name}: ${wrong}`)
    if (version < acknowledged || version > tried)
      this.#broken(`${name}: version ${version}; ${acknowledged} was acknowledged and ${tried} tried`)
  }

  /** What the killed server had sent off may still arrive at PostgreSQL between two looks: a mixed one is looked at again. */
  async #checkGroup({ names, isAcknowledged }: Group, server: Server): Promise<void> {
    for (let tries = 0; ; tries++) {
      const found = []
      for (const name of names) found.push(await look(server, name))
      const there = found.filter(({ version, wrong }) => version === 1 && !wrong).length
      if (there === names.length || (there === 0 && !isAcknowledged)) return
      if (tries === MOST_LOOKS) return this.#broken(`${names[0]}: ${there} of ${names.length} are there`)
    }
  }

  #broken(text: string): void {
    this.#attack.tally.broken(`kills, ${this.#database}: ${text}`)
  }
}

const MOST_LOOKS = 100
