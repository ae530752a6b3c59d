import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { expect, test } from 'vitest'

const YOUNG_ROOM = join(import.meta.dirname, '../../../src/transports/mcp/stdio/young-room.ts')
const MB = 1024 * 1024

// The setting is the process's: so each of these is one of its own.
const roomAfter = (look: string) => {
  const code = `
    import { getHeapSpaceStatistics } from 'node:v8'
    import { YoungRoom } from ${JSON.stringify(YOUNG_ROOM)}
    const young = new YoungRoom()
    const kept = []
    for (let n = 0; n < 2_000_000; n++) {
      kept[n % 20_000] = { n, list: [n] }
      if (n % 1_000 === 0) ${look}
    }
    console.log(getHeapSpaceStatistics().find(({ space_name: name }) => name === 'new_space').space_size)`
  const args = ['--experimental-strip-types', '--no-warnings', '--input-type=module', '-e', code]
  return Number(execFileSync(process.execPath, args, { encoding: 'utf8' }))
}

test('the room for new objects grows to 8 MB and no further', () => {
  const room = roomAfter('young.look(n)')
  expect(room).toBeGreaterThan(4 * MB)
  expect(room).toBeLessThanOrEqual(16 * MB)
  // What V8 does by itself.
  expect(roomAfter('{}')).toBeGreaterThan(room)
})
