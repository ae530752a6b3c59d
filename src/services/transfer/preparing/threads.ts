import { existsSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { Worker } from 'node:worker_threads'
import type { SecretGuard } from '../../secrets/secret-guard.ts'
import type { Line } from '../lines.ts'
import { type Answer, type Asked, errorOf, packed, threadFailed } from './messages.ts'
import { type Preparation, preparationHere } from './preparation.ts'

/** A thread takes a tenth of a second to start and some ten megabytes: fewer records are made here meanwhile. */
const WORTH_RECORDS = 2_000
const MOST_THREADS = 4
/** Each has the next batch at hand when it is done with one. */
const BATCHES_A_THREAD = 2

/** In threads where there are records enough and processors, and whoever bundled the program kept their file; the caller closes it. */
export function openPreparation(secrets: SecretGuard, records: number): Preparation {
  const threads = Math.min(MOST_THREADS, availableParallelism())
  const isWorth = records >= WORTH_RECORDS && threads > 1 && existsSync(fileOfThread())
  return isWorth ? inThreads(secrets, threads) : preparationHere(secrets)
}

function inThreads({ mode: secrets }: SecretGuard, count: number): Preparation {
  const threads = Array.from({ length: count }, () => new PreparingThread())
  let turn = 0
  const ask = <T>(wants: Asked['wants'], lines: readonly Line[]): Promise<T> =>
    // The modulus is below the length.
    (threads[turn++ % count] as PreparingThread).ask<T>({ wants, secrets, ...packed(lines) })
  return {
    atOnce: count * BATCHES_A_THREAD + 1,
    kindsOf: (lines) => ask('kinds', lines),
    recordsOf: (lines) => ask('records', lines),
    async close() {
      await Promise.all(threads.map((thread) => thread.close()))
    },
  }
}

/** What a thread makes is gone with its answer: left to itself V8 lets that grow to hundreds of megabytes on a large machine. */
const YOUNG = { maxYoungGenerationSizeMb: 16 }

interface Waiting {
  readonly resolve: (made: never) => void
  readonly reject: (error: unknown) => void
}

/** Does what it is asked one after the other. */
class PreparingThread {
  readonly #worker = new Worker(fileOfThread(), { resourceLimits: YOUNG })
  readonly #waiting: Waiting[] = []
  #failure: unknown

  constructor() {
    this.#worker.on('message', (answer: Answer) => this.#hear(answer))
    this.#worker.on('error', (error) => this.#end(threadFailed(error)))
    this.#worker.on('exit', (code) => this.#end(threadFailed(code)))
  }

  ask<T>(asked: Asked): Promise<T> {
    const { promise, resolve, reject } = Promise.withResolvers<T>()
    if (this.#failure !== undefined) reject(this.#failure)
    else {
      this.#waiting.push({ resolve, reject })
      this.#worker.postMessage(asked, [asked.bytes.buffer])
    }
    return promise
  }

  async close(): Promise<void> {
    await this.#worker.terminate()
  }

  #hear(answer: Answer): void {
    const first = this.#waiting.shift()
    // What a thread makes is of the kind that it was asked for.
    if ('made' in answer) first?.resolve(answer.made as never)
    else first?.reject(errorOf(answer))
  }

  #end(error: unknown): void {
    this.#failure ??= error
    for (const { reject } of this.#waiting.splice(0)) reject(this.#failure)
  }
}

/** As a source beside this one; the build puts it beside the program. */
function fileOfThread(): URL {
  return new URL(`./import-thread${import.meta.url.endsWith('.ts') ? '.ts' : '.js'}`, import.meta.url)
}
