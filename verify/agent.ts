import { sleep, Violation } from './claim.ts'
import { type Instance, Refusal } from './instance.ts'

export interface Lock {
  readonly file_path: string
  readonly agent_id: string
  readonly fencing_token: number
  readonly expires_at: string
}

type Arguments = Readonly<Record<string, unknown>>

const RECOVERY_LIMIT_MS = 60_000

/** An agent that locks files by way of one instance. */
export class Agent {
  readonly id: string
  readonly instance: Instance

  constructor(id: string, instance: Instance) {
    this.id = id
    this.instance = instance
  }

  /** One try; throws the Refusal. */
  checkout(file_path: string, more: Arguments = {}): Promise<Lock> {
    return this.#lock('checkout', { file_path, ...more })
  }

  /**
   * Also when Redis has just lost its memory: then no agent gets a lock until those from before have run out.
   */
  async take(file_path: string, more: Arguments = {}): Promise<Lock> {
    const deadline = performance.now() + RECOVERY_LIMIT_MS
    for (;;) {
      try {
        return await this.checkout(file_path, more)
      } catch (error) {
        if (!isPassing(error) || performance.now() > deadline) throw error
        await sleep(50)
      }
    }
  }

  /** All of them or none. */
  async takeAll(file_paths: readonly string[], more: Arguments = {}): Promise<readonly Lock[]> {
    const { locks } = await this.#lock<{ locks: Lock[] }>('checkout', { file_paths, ...more })
    return locks
  }

  checkin(file_path: string): Promise<unknown> {
    return this.#lock('checkin', { file_path })
  }

  returnAll(file_paths: readonly string[]): Promise<unknown> {
    return this.#lock('checkin', { file_paths })
  }

  /** Asked right before writing. */
  async verify(file_path: string, fencing_token: number): Promise<boolean> {
    const { valid } = await this.#lock<{ valid: boolean }>('verify', { file_path, fencing_token })
    return valid
  }

  /** The reason why it was refused; a Violation when it was not. */
  async refused(file_path: string, more: Arguments = {}): Promise<Refusal> {
    const answer = await this.checkout(file_path, more).catch((error: unknown) => error)
    if (answer instanceof Refusal) return answer
    if (answer instanceof Error) throw answer
    throw new Violation(`${this.id} was given ${file_path}: ${JSON.stringify(answer)}`)
  }

  #lock<R>(action: string, args: Arguments): Promise<R> {
    return this.instance.call<R>('memory_file_lock', { action, agent_id: this.id, ...args })
  }
}

export function isRefusal(error: unknown, reasons: readonly string[]): boolean {
  return error instanceof Refusal && reasons.includes(error.reason)
}

/** Gone by itself soon. */
export function isPassing(error: unknown): boolean {
  return isRefusal(error, ['LOCK_RECOVERING', 'LOCK_STORE_UNAVAILABLE'])
}
