import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  CLINE,
  CODEX,
  CONTINUE,
  COPILOT,
  OPENCODE,
  TRUSTING,
  TYPED,
} from '../../../../src/transports/cli/setup/clients/shape.ts'
import { openEditor } from '../../../../src/transports/cli/setup/editing/editor.ts'
import type { ServerEntry } from '../../../../src/transports/cli/setup/entry.ts'
import { type FilePlan, planSetup, planUndo } from '../../../../src/transports/cli/setup/plan.ts'
import { entries, jsonTexts, tomlTexts, yamlTexts } from './arbitraries.ts'

const FORMATS = [
  ['mcpServers', openEditor({ format: 'json', key: 'mcpServers', file: '/c' }), jsonTexts('mcpServers')],
  ['servers', openEditor({ format: 'json', key: 'servers', shape: TYPED, file: '/c' }), jsonTexts('servers')],
  ['mcp', openEditor({ format: 'json', key: 'mcp', shape: OPENCODE, file: '/c' }), jsonTexts('mcp')],
  ['cline', openEditor({ format: 'json', key: 'm', shape: CLINE, file: '/c' }), jsonTexts('m')],
  ['copilot', openEditor({ format: 'json', key: 'm', shape: COPILOT, file: '/c' }), jsonTexts('m')],
  ['trust', openEditor({ format: 'json', key: 'm', shape: TRUSTING, file: '/c' }), jsonTexts('m')],
  ['mcp_servers', openEditor({ format: 'toml', key: 'mcp_servers', file: '/c' }), tomlTexts],
  ['approved', openEditor({ format: 'toml', key: 'mcp_servers', shape: CODEX, file: '/c' }), tomlTexts],
  ['yaml', openEditor({ format: 'yaml', key: 'mcpServers', shape: CONTINUE, file: '/c' }), yamlTexts],
] as const

interface Disk {
  readonly before: string | undefined
  readonly backup: string | undefined
}

/** What is on the disk once a plan is carried out. */
function carryOut({ before, after, backup }: FilePlan, disk: Disk): Disk {
  if (backup === 'keep') return { before: after, backup: disk.backup }
  return { before: after, backup: backup === 'write' ? before : undefined }
}

describe.each(FORMATS)('%s', (_name, editor, texts) => {
  const files = fc.option(texts, { nil: undefined })
  const extra = editor.allow
  const wishes = extra
    ? fc.oneof(
        entries,
        entries.map((entry): ServerEntry => ({ ...entry, extra })),
      )
    : entries

  test('undo brings the very bytes back, also after several runs', () => {
    fc.assert(
      fc.property(files, fc.array(wishes, { minLength: 1, maxLength: 3 }), (before, wanted) => {
        let disk: Disk = { before, backup: undefined }
        for (const entry of wanted) disk = carryOut(planSetup(editor, { ...disk, wanted: entry }), disk)
        const last = wanted.at(-1)
        if (last === undefined) return
        expect(carryOut(planUndo(editor, { ...disk, wanted: last }), disk)).toEqual({
          before,
          backup: undefined,
        })
      }),
    )
  })

  test('a second run changes nothing', () => {
    fc.assert(
      fc.property(files, wishes, (before, wanted) => {
        const disk = carryOut(planSetup(editor, { before, backup: undefined, wanted }), {
          before,
          backup: undefined,
        })
        expect(planSetup(editor, { ...disk, wanted })).toMatchObject({
          state: 'registered',
          after: disk.before,
        })
      }),
    )
  })

  test('undo without a registration changes nothing', () => {
    fc.assert(
      fc.property(files, wishes, (before, wanted) => {
        expect(planUndo(editor, { before, backup: undefined, wanted })).toMatchObject({
          state: 'absent',
          after: before,
        })
      }),
    )
  })
})

describe('undo of a file that others have changed since', () => {
  const editor = FORMATS[0][1]
  const wanted: ServerEntry = { command: 'node', args: ['/a/dist/main.js', 'mcp'], env: {} }

  test('takes out the table too, if it was ours', () => {
    const backup = '{"a": 1}'
    const before = editor.put('{"a": 2}', wanted)
    expect(planUndo(editor, { before, backup, wanted })).toMatchObject({ after: '{"a": 2}', backup: 'write' })
  })

  test('leaves the table, if it was there before us', () => {
    const backup = '{"a": 1, "mcpServers": {}}'
    const before = editor.put('{"a": 2, "mcpServers": {}}', wanted)
    expect(planUndo(editor, { before, backup, wanted }).after).toBe('{"a": 2, "mcpServers": {}}')
  })

  test('does not bring back an entry of an earlier run', () => {
    const backup = editor.put('{"a": 1}', { ...wanted, command: 'old-node' })
    const before = editor.put(backup, wanted)
    expect(planUndo(editor, { before, backup, wanted }).after).toBe('{"a": 1, "mcpServers": {}}')
  })

  test('brings back an entry of another program under our name', () => {
    const backup = '{"mcpServers": {"agent-memory": {"command": "uvx", "args": ["other"]}}}'
    const disk = carryOut(planSetup(editor, { before: backup, backup: undefined, wanted }), {
      before: backup,
      backup: undefined,
    })
    expect(planUndo(editor, { ...disk, wanted }).after).toBe(backup)
  })

  test('does without a backup that cannot be read', () => {
    const before = editor.put('{"a": 2}', wanted)
    expect(planUndo(editor, { before, backup: '{"a": ', wanted }).after).toContain('"a": 2')
    expect(planUndo(editor, { before, backup: '{"a": ', wanted }).after).not.toContain('agent-memory')
  })
})
