import { setTimeout as sleep } from 'node:timers/promises'
import type { Reply, Server } from './server.ts'

const TOOL = 'memory_file_lock'
const TTL_MS = 5_000
const ANN = 'ann'
const BOB = 'bob'

/** Two agents on two servers who want the same file. */
export class LockPair {
  readonly #ann: Server
  readonly #bob: Server
  readonly #broken: (text: string) => void
  #token: number | undefined
  #latest = 0

  constructor(ann: Server, bob: Server, broken: (text: string) => void) {
    this.#ann = ann
    this.#bob = bob
    this.#broken = broken
  }

  /** Ann takes it; what was struck before may refuse her for a while. */
  async hold(path: string): Promise<void> {
    this.#token = this.#granted(
      path,
      await this.#ask(this.#ann, ANN, 'checkout', { file_path: path, ttl_ms: TTL_MS }),
    )
  }

  /** Bob wants it too: who gets it while Ann has it must be the only one who is told that it is his. */
  async tryOther(path: string): Promise<void> {
    const reply = await this.#ask(this.#bob, BOB, 'checkout', { file_path: path, ttl_ms: TTL_MS })
    const token = this.#granted(path, reply)
    if (token === undefined) return
    const [his, hers] = [
      await this.#isValid(this.#bob, BOB, path, token),
      this.#token !== undefined && (await this.#isValid(this.#ann, ANN, path, this.#token)),
    ]
    if (token === this.#token || (his && hers))
      this.#broken(`two agents hold ${path}, by the tokens ${this.#token} and ${token}`)
  }

  /** A file that nobody has is granted when the time of what was struck is over. */
  async recover(path: string, overMs: number): Promise<void> {
    const started = performance.now()
    for (;;) {
      const reply = await this.#ask(this.#bob, BOB, 'checkout', { file_path: path, ttl_ms: TTL_MS })
      if ('result' in reply) break
      if (performance.now() - started > overMs)
        return this.#broken(`${path} is never free: ${JSON.stringify(reply)}`)
      await sleep(20)
    }
    await this.#ask(this.#bob, BOB, 'checkin', { file_path: path })
  }

  async letGo(path: string): Promise<void> {
    for (const [server, agent] of [
      [this.#ann, ANN],
      [this.#bob, BOB],
    ] as const)
      await this.#ask(server, agent, 'checkin', { file_path: path })
  }

  /** Undefined when it was refused. Tokens of a file grow in time. */
  #granted(path: string, reply: Reply): number | undefined {
    if (!('result' in reply)) return undefined
    const token = Number(reply.result['fencing_token'])
    if (!Number.isSafeInteger(token) || token < this.#latest)
      this.#broken(`${path} was granted with ${token} after ${this.#latest}`)
    this.#latest = Math.max(this.#latest, token)
    return token
  }

  async #isValid(server: Server, agent: string, path: string, token: number): Promise<boolean> {
    const reply = await this.#ask(server, agent, 'verify', { file_path: path, fencing_token: token })
    return 'result' in reply && reply.result['valid'] === true
  }

  #ask(server: Server, agent_id: string, action: string, args: object): Promise<Reply> {
    return server.call(TOOL, { action, agent_id, ...args })
  }
}
