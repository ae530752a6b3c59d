import { expect, test } from 'vitest'
import { systemClock } from '../../src/domain/clock.ts'
import { bootClock, readBootId } from '../../src/store/leases/boot-clock.ts'

test('this machine names its boot, always the same', () => {
  const bootId = readBootId()
  expect(bootId).toMatch(/^[0-9a-fx-]+$/)
  expect(readBootId()).toBe(bootId)
  expect(bootClock(systemClock)().bootId).toBe(bootId)
})

test('a system that has no name for its boot is no error: each process is a boot of its own', () => {
  expect(readBootId('aix')).toBeNull()
  const [one, two] = [bootClock(systemClock, () => null), bootClock(systemClock, () => null)]
  expect(one().bootId).toBe(one().bootId)
  expect(one().bootId).not.toBe(two().bootId)
})

test('a command that is missing or fails counts as no name', () => {
  const other = process.platform === 'win32' ? 'linux' : 'win32'
  expect(readBootId(other)).toBeNull()
})

test('the boot is looked up once, when a lock is first used', () => {
  let asked = 0
  const read = () => `boot-${++asked}`
  const moment = bootClock(systemClock, read)
  expect(asked).toBe(0)
  expect([moment().bootId, moment().bootId]).toEqual(['boot-1', 'boot-1'])
})
