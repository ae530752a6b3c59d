import { randomBytes } from 'node:crypto'

let lastMs = 0
let sequence = 0

/** A UUIDv7 (RFC 9562, 6.2 method 1): sorts by creation time, strictly growing inside one process. */
export function newId(nowMs: number = Date.now()): string {
  const random = randomBytes(8)
  if (nowMs > lastMs) {
    lastMs = nowMs
    sequence = random.readUInt16BE(2) & 0x07ff
  } else if (++sequence > 0x0fff) {
    lastMs += 1
    sequence = 0
  }
  random[0] = (random.readUInt8(0) & 0x3f) | 0x80
  const time = lastMs.toString(16).padStart(12, '0')
  const tail = random.toString('hex')
  const counter = sequence.toString(16).padStart(3, '0')
  return `${time.slice(0, 8)}-${time.slice(8)}-7${counter}-${tail.slice(0, 4)}-${tail.slice(4)}`
}
