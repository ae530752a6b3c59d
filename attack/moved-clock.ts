import { readFileSync } from 'node:fs'

// Loaded into a server before its program: the wall clock goes by as much ahead or behind as the file says. What does not
// jump on a real machine (the monotonic clock) does not jump here either.

const EVERY_MS = 20
const file = process.env['ATTACK_CLOCK'] ?? ''
const now = Date.now.bind(Date)
let offset = read()
setInterval(() => {
  offset = read()
}, EVERY_MS).unref()

Date.now = () => now() + offset
globalThis.Date = new Proxy(Date, {
  construct: (target, args, newTarget) =>
    Reflect.construct(target, args.length === 0 ? [target.now()] : args, newTarget),
})

function read(): number {
  return Number(readFileSync(file, 'utf8'))
}
