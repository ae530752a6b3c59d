import { PassThrough, Writable } from 'node:stream'
import { expect, test } from 'vitest'
import { OutputGate } from '../../../src/transports/mcp/stdio/output-gate.ts'

const MB = 1024 * 1024

test('calls that read wait for each other, and calls that write wait for none of them', async () => {
  const gate = new OutputGate(new PassThrough())
  const reads = Array.from({ length: 3 }, () => Promise.withResolvers<number>())
  let begun = 0
  const reading = reads.map(({ promise }) =>
    gate.pass(() => {
      begun++
      return promise
    }, 'reading'),
  )
  const writing = Array.from({ length: 20 }, (_, n) => gate.pass(async () => n, 'writing'))
  expect(await Promise.all(writing)).toEqual(Array.from({ length: 20 }, (_, n) => n))
  expect(begun).toBe(2)
  for (const [n, { resolve }] of reads.entries()) resolve(n)
  expect(await Promise.all(reading)).toEqual([0, 1, 2])
})

test('a client that does not read has none of its writes begun either', async () => {
  const unread: (() => void)[] = []
  const output = new Writable({ write: (_chunk, _encoding, done) => void unread.push(done) })
  const gate = new OutputGate(output)
  output.write('x'.repeat(5 * MB))
  let hasBegun = false
  const written = gate.pass(async () => {
    hasBegun = true
  }, 'writing')
  await new Promise((resolve) => setImmediate(resolve))
  expect(hasBegun).toBe(false)
  unread[0]?.()
  await written
  expect(hasBegun).toBe(true)
})
