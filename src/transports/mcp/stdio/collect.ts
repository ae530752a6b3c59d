import { getHeapStatistics, setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { YoungRoom } from './young-room.ts'

/** From so many bytes on a message is worth the pause of a collection, some hundredths of a second. */
const LARGE_BYTES = 4 * 1024 * 1024
/** A heap up to this is not worth one. */
const SMALL_HEAP_BYTES = 40 * 1024 * 1024
/** It is when it has grown by so much since. */
const GROWN = 1.5
const REST_MS = 2_000
/** It takes a tenth of a second and more, so not after every other search. */
const LEAST_BETWEEN_MS = 30_000
/** A heap of that size is collected between two calls, though the client goes on. */
const CROWDED_HEAP_BYTES = 96 * 1024 * 1024
/** So the calls of a busy client wait for it a fortieth of the time at most. */
const LEAST_BETWEEN_CALLS_MS = 5_000

let gc: unknown

/**
 * Lets go of what earlier messages left behind before a large one is worked on. By itself V8 would collect when the heap has
 * grown to several times what is in use, and a few of the largest messages make hundreds of megabytes.
 */
export function makeRoom(bytes: number): void {
  if (bytes >= LARGE_BYTES) collect({ type: 'major', execution: 'sync' })
}

/**
 * Gives memory back while the client asks for nothing: a few hundred searches leave ten times behind of what is in use, and V8 keeps it
 * for as long as the machine has it. Beside every agent runs a server, and most of them rest most of the time.
 */
export class Rest {
  readonly #isResting: () => boolean
  #timer: NodeJS.Timeout | undefined
  #since = 0
  #collectedAt = Number.NEGATIVE_INFINITY
  #restedAt = Number.NEGATIVE_INFINITY
  #heapBytes = SMALL_HEAP_BYTES
  readonly #young = new YoungRoom()

  constructor(isResting: () => boolean) {
    this.#isResting = isResting
  }

  /** To be called when the last request has its answer. */
  begin(): void {
    this.#since = performance.now()
    this.#young.look(this.#since)
    this.#timer ??= this.#later(REST_MS)
    if (this.#isCrowded()) setImmediate(this.#makeRoom)
  }

  #isCrowded(): boolean {
    const isLongAgo = this.#since - this.#collectedAt > LEAST_BETWEEN_CALLS_MS
    return isLongAgo && heapBytes() > Math.max(CROWDED_HEAP_BYTES, this.#heapBytes * GROWN)
  }

  /** The answer is on its way by now; a call that is there already goes first. */
  readonly #makeRoom = (): void => {
    if (this.#isResting()) this.#collect()
  }

  #collect(): void {
    collect({ type: 'major', execution: 'sync', flavor: 'last-resort' })
    this.#collectedAt = performance.now()
    this.#heapBytes = Math.max(SMALL_HEAP_BYTES, heapBytes())
  }

  #later(ms: number): NodeJS.Timeout {
    return setTimeout(this.#look, ms).unref()
  }

  readonly #look = (): void => {
    this.#timer = undefined
    if (!this.#isResting()) return
    const due = Math.max(this.#since + REST_MS, this.#restedAt + LEAST_BETWEEN_MS)
    const left = due - performance.now()
    if (left > 1) this.#timer = this.#later(left)
    else if (heapBytes() > this.#heapBytes * GROWN) {
      this.#collect()
      this.#restedAt = this.#collectedAt
    }
  }
}

function heapBytes(): number {
  return getHeapStatistics().total_heap_size
}

/** `last-resort` also gives the memory back to the system; that takes a few collections more. */
function collect(how: Readonly<Record<'type' | 'execution', string>> & { readonly flavor?: string }): void {
  gc ??= exposed()
  if (typeof gc === 'function') gc(how)
}

function exposed(): unknown {
  setFlagsFromString('--expose-gc')
  return runInNewContext('gc')
}
