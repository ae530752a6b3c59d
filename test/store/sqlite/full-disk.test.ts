import { spawnSync } from 'node:child_process'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { openTestApp } from '../../support/app.ts'
import { testProgram } from '../../support/test-programs.ts'
import { query, withFolder } from './files.ts'

const NODE = [process.execPath, '--no-warnings', testProgram('filler.ts')]

interface Outcome {
  readonly acknowledged: readonly string[]
  readonly refused: { readonly name: string; readonly message: string; readonly suggestion: string }
  readonly readable: number
  readonly later?: string
}

/** Ways to a disk that is really full, where the system allows them: a small one of our own, in a mount namespace of its own. */
const SMALL_DISKS = [
  ['unshare', '--mount'],
  ['unshare', '--user', '--map-root-user', '--mount'],
].filter(([command = '', ...args]) => {
  const mount = 'mount -t tmpfs -o size=1m none /tmp'
  return spawnSync(command, [...args, 'sh', '-c', mount]).status === 0
})

function runFiller(command: readonly string[]): Outcome {
  const [program = '', ...args] = command
  const { stdout, stderr } = spawnSync(program, args, { encoding: 'utf8' })
  if (!stdout) throw new Error(stderr)
  return JSON.parse(stdout) as Outcome
}

function expectUntouched(dataDir: string, acknowledged: readonly string[]): void {
  const path = join(dataDir, 'memory.db')
  expect(query(path, 'pragma integrity_check')).toEqual([{ integrity_check: 'ok' }])
  const names = query(path, 'select name from entry order by seq').map(({ name }) => name)
  expect(names).toEqual(acknowledged)
}

test('a file that may not grow refuses the write that needs it to, and nothing else is lost', () =>
  withFolder(async (folder) => {
    const limit = 'ulimit -f 1200; exec "$@"'
    const { acknowledged, refused, readable } = runFiller(['sh', '-c', limit, 'sh', ...NODE, folder])
    expect(refused.name).toBe('DATABASE_ERROR')
    expect(refused.message).toMatch(/rolled back/)
    expect(refused.suggestion).toMatch(/space/)
    expect(acknowledged.length).toBeGreaterThan(5)
    expect(readable).toBe(Math.min(100, acknowledged.length))
    expectUntouched(folder, acknowledged)
    const later = await openTestApp({ dataDir: folder })
    await later.call('memory_knowledge', 'add', {
      scope_type: 'global',
      name: 'after',
      content: 'There is space.',
    })
    await later.close()
    expectUntouched(folder, [...acknowledged, 'after'])
  }))

test.each(SMALL_DISKS)(
  'a full disk refuses the write, says so, and takes the next one once there is space (%s %s)',
  (...unshare) =>
    withFolder((folder) => {
      const [disk, copy] = [join(folder, 'disk'), join(folder, 'copy')]
      mkdirSync(disk)
      const script =
        'mount -t tmpfs -o size=8m,mode=700 none "$1" && "$3" "$4" "$5" "$1" "$1/ballast" && cp -r "$1" "$2"'
      const { acknowledged, refused, readable, later } = runFiller([
        ...unshare,
        'sh',
        '-c',
        script,
        'sh',
        disk,
        copy,
        ...NODE,
      ])
      expect(refused.name).toBe('DATABASE_ERROR')
      expect(refused.message).toBe(
        `The disk that holds ${join(disk, 'memory.db')} is full; the transaction was rolled back.`,
      )
      expect(refused.suggestion).toBe('Free some space and try again.')
      expect(readable).toBe(Math.min(100, acknowledged.length - 1))
      expect(later).toBe('written')
      expectUntouched(copy, acknowledged)
    }),
)

test.each(SMALL_DISKS)(
  'a start on a disk that is full, or read-only, says which it is (%s %s)',
  (...unshare) =>
    withFolder((disk) => {
      const script = `mount -t tmpfs -o size=1m,mode=700 none "$AGENT_MEMORY_DATA_DIR"
      "$@" knowledge add one words >&2 || exit 1
      head -c 2000000 /dev/zero > "$AGENT_MEMORY_DATA_DIR/ballast" 2>/dev/null
      "$@" knowledge list 2>&1
      rm "$AGENT_MEMORY_DATA_DIR/ballast" && "$@" knowledge list >&2
      mount -o remount,ro "$AGENT_MEMORY_DATA_DIR"
      "$@" knowledge list 2>&1`
      const [program = '', ...args] = [...unshare, 'sh', '-c', script, 'sh', process.execPath]
      const env = { ...process.env, AGENT_MEMORY_DATA_DIR: disk }
      const { stdout } = spawnSync(program, [...args, testProgram('main.ts')], { encoding: 'utf8', env })
      const path = join(disk, 'memory.db')
      expect(stdout).toContain(`The disk that holds ${path} is full`)
      expect(stdout).toContain(`${path} or its folder is read-only`)
    }),
)
