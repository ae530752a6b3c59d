import { availableParallelism } from 'node:os'
import { expect, test } from 'vitest'
import { openCheck } from '../../../src/app.ts'
import { readConfig } from '../../../src/config.ts'
import { AppError } from '../../../src/domain/errors.ts'
import { newId } from '../../../src/domain/ids.ts'
import { type TestApp, withApp } from '../../support/app.ts'
import { databaseEnv } from '../../support/database.ts'
import { exported, imported, refusedImport } from './files.ts'

// A file of so many records is read by several threads (where there are several processors).

const ENTRIES = 2_600
const AT = '2026-11-01T00:00:00.000Z'

const entry = (
  n: number,
  content = `Fact ${n}: the ${n % 7 ? 'heron' : 'reiher und der storch'} of week ${n} wades.`,
) => ({
  kind: 'entry',
  entry: {
    id: `${newId()}`,
    type: 'knowledge',
    name: `entry ${n}`,
    content,
    scope_type: 'global',
    scope_id: null,
    tags: [`tag ${n % 5}`],
    priority: 50,
    version: 1,
    status: 'active',
    created_at: AT,
    created_by: 'author',
    updated_at: AT,
    updated_by: 'author',
    metadata: { n },
  },
})

/** As lines: the entry `n` stands in line `n + 2`. */
function file(change: (lines: string[]) => void = () => {}): string {
  const counts = { scope: 0, tombstone: 0, entry: ENTRIES, version: 0, relation: 0, conflict: 0, vote: 0 }
  const header = { kind: 'header', format: 'agent-memory-export', format_version: 3, counts }
  const lines = [header, ...Array.from({ length: ENTRIES }, (_, n) => entry(n))].map((line) =>
    JSON.stringify(line),
  )
  change(lines)
  return `${lines.join('\n')}\n`
}

/** What `doctor` finds wrong with what is stored: also an entry that is found by other words than its own. */
async function problems({ dataDir }: TestApp): Promise<string[]> {
  const check = await openCheck(readConfig({ ...databaseEnv(dataDir), AGENT_MEMORY_DATA_DIR: dataDir }))
  return (await check.inspect()).filter(({ level }) => level === 'broken').map(({ text }) => text)
}

async function expectNothing(t: TestApp): Promise<void> {
  expect(await exported(t)).toContain('"entry":0')
}

test('this machine has several processors, or these tests try nothing', () => {
  expect(availableParallelism()).toBeGreaterThan(1)
})

test('a large file goes in as it is, and each entry is found by its text', () =>
  withApp(async (t) => {
    const given = file()
    const counts = await imported(t, given)
    expect(counts.entry).toEqual({ added: ENTRIES, identical: 0, kept: 0, replaced: 0 })
    const lines = given.split('\n')
    expect((await exported(t)).split('\n').filter((line) => line.includes('"kind":"entry"'))).toEqual(
      lines.slice(1, -1),
    )
    expect(await problems(t)).toEqual([])
    expect((await imported(t, given)).entry.identical).toBe(ENTRIES)
  }))

test.each([
  ['is no JSON', '{"kind":"entry"', 'INVALID_PARAMETER', 'Line 2002 is not JSON'],
  ['does not fit', '{"kind":"entry","entry":{}}', 'INVALID_PARAMETER', 'Line 2002 does not fit'],
  [
    'holds a secret',
    JSON.stringify(entry(2_000, `key ghp_${'a1B2'.repeat(9)}`)),
    'SECRET_REFUSED',
    'Line 2002: ',
  ],
])('a line late in it that %s is named, and nothing is stored', (_, line, name, message) =>
  withApp(async (t) => {
    const error = await refusedImport(
      t,
      file((lines) => lines.splice(2_001, 1, line)),
    )
    expect(error).toMatchObject({ name, message: expect.stringContaining(message) })
    await expectNothing(t)
  }),
)

test('of two bad lines the first is named, also where the second is no text at all', () =>
  withApp(async (t) => {
    const bad = file((lines) => lines.splice(1_900, 1, '{'))
    const bytes = Buffer.concat([
      Buffer.from([0xff, 0xfe]),
      Buffer.from(bad, 'utf16le'),
      Buffer.from([0x00, 0xd8]),
    ])
    expect((await refusedImport(t, bytes)).message).toContain('Line 1901 is not JSON')
    await expectNothing(t)
  }))

test('a file that changes after it was checked is refused with the line', () =>
  withApp(async (t) => {
    const good = file()
    const cut = file((lines) => lines.splice(1_500, 1, '{'))
    let opened = 0
    const source = async function* () {
      // Its first line, all of it, and then while it is written.
      yield Buffer.from(++opened < 3 ? good : cut)
    }
    const outcome = await t.app.services.transfer
      .import({ agentId: 'importer', workspace: null }, source, { onConflict: 'refuse' })
      .catch((error: unknown) => error)
    expect(outcome).toBeInstanceOf(AppError)
    expect(outcome).toMatchObject({ errorName: 'INVALID_PARAMETER', details: { line: 1_501 } })
    await expectNothing(t)
  }))
