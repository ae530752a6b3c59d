import { randomUUID } from 'node:crypto'

let lastMs = 0
let sequence = 0

/** A UUIDv7 (RFC 9562, 6.2 method 1): sorts by creation time, strictly growing inside one process. */
export function newId(nowMs: number = Date.now()): string {
  // Its random digits; node:crypto draws those of many at once.
  const random = randomUUID()
  if (nowMs > lastMs) {
    lastMs = nowMs
    sequence = Number.parseInt(random.slice(0, 4), 16) & 0x07ff
  } else if (++sequence > 0x0fff) {
    lastMs += 1
    sequence = 0
  }
  const time = lastMs.toString(16).padStart(12, '0')
  const counter = sequence.toString(16).padStart(3, '0')
  return `${time.slice(0, 8)}-${time.slice(8)}-7${counter}${random.slice(18)}`
}
