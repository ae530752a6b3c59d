import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'

/** From so many bytes on a message is worth the pause of a collection, some hundredths of a second. */
const LARGE_BYTES = 4 * 1024 * 1024

let gc: unknown

/**
 * Lets go of what earlier messages left behind before a large one is worked on. By itself V8 would collect when the heap has
 * grown to several times what is in use, and a few of the largest messages make hundreds of megabytes.
 */
export function makeRoom(bytes: number): void {
  if (bytes < LARGE_BYTES) return
  gc ??= exposed()
  if (typeof gc === 'function') gc()
}

function exposed(): unknown {
  setFlagsFromString('--expose-gc')
  return runInNewContext('gc')
}
