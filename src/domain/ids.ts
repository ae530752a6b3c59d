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

/**
 * How an id begins that was cut short, or lost its hyphens: its first digits as ours are written. Undefined for what is no id, or
 * too little of one: the digits before the ninth stand for a minute.
 */
export function beginningOfId(text: string): string | undefined {
  const digits = /^([0-9a-f-]{8,36})(?:\.{2,3}|…|\*)?$/i
    .exec(text.trim())?.[1]
    ?.toLowerCase()
    .replaceAll('-', '')
  if (digits === undefined || digits.length < 8) return undefined
  const parts = [
    digits.slice(0, 8),
    digits.slice(8, 12),
    digits.slice(12, 16),
    digits.slice(16, 20),
    digits.slice(20),
  ]
  return parts.filter((part) => part !== '').join('-')
}
