import { describe, expect, it } from 'vitest'
import type { Operation } from '../../../src/operations/define.ts'
import { OPERATIONS } from '../../../src/operations/index.ts'
import { exampleOf } from '../../../src/transports/cli/help.ts'
import { render } from '../../../src/transports/cli/render.ts'
import { terminalOf } from '../../../src/transports/cli/terminal.ts'
import { type Cli, shellWords, withCli } from '../../support/cli.ts'

/** Runs a command line that must work; the JSON of its result. */
async function must(cli: Cli, line: string): Promise<Record<string, unknown>> {
  const words = shellWords(line).slice(1)
  const { code, stdout, stderr } = await cli([...words, '--json'])
  expect({ line, code, stderr, stdout: code === 0 ? '' : stdout }).toEqual({
    line,
    code: 0,
    stderr: '',
    stdout: '',
  })
  return JSON.parse(stdout) as Record<string, unknown>
}

async function addGuideline(cli: Cli, name: string): Promise<string> {
  const { id } = await must(cli, `agent-memory guideline add "${name}" "Some text about ${name}"`)
  return String(id)
}

async function makeConflict(cli: Cli): Promise<string> {
  const id = await addGuideline(cli, 'Contested')
  await must(cli, `agent-memory guideline update --id ${id} --content one --agent-id a`)
  const { conflict_id } = await must(
    cli,
    `agent-memory guideline update --id ${id} --content two --agent-id b`,
  )
  return String(conflict_id)
}

async function makeScope(cli: Cli, line: string): Promise<string> {
  return String((await must(cli, line))['id'])
}

/** What must be there for an example to work; answers what ID and ID2 stand for. */
const PREPARE: Readonly<Record<string, (cli: Cli) => Promise<readonly string[]>>> = {
  memory_tag: async (cli) => [await addGuideline(cli, 'One')],
  memory_relation: async (cli) => [await addGuideline(cli, 'One'), await addGuideline(cli, 'Two')],
  'memory_relation delete': async (cli) => {
    const [from, to] = [await addGuideline(cli, 'One'), await addGuideline(cli, 'Two')]
    return [String((await must(cli, `agent-memory relation create ${from} explains ${to}`))['id'])]
  },
  memory_conflict: async (cli) => [await makeConflict(cli)],
  'memory_scope get': async (cli) => [await makeScope(cli, 'agent-memory scope create org Acme')],
  'memory_scope update': async (cli) => [await makeScope(cli, 'agent-memory scope create org Acme')],
  'memory_scope delete': async (cli) => [await makeScope(cli, 'agent-memory scope create org Acme')],
  'memory_scope end': async (cli) => [await makeScope(cli, 'agent-memory scope start Work')],
  'memory_scope log': async (cli) => [await makeScope(cli, 'agent-memory scope start Work')],
  memory_file_lock: prepareBy('memory_file_lock', 'checkout'),
  'memory_file_lock checkout': nothing,
  memory_voting: prepareBy('memory_voting', 'record_vote'),
  'memory_voting record_vote': nothing,
  memory_event: async (cli) => [await addGuideline(cli, 'One')],
  ...Object.fromEntries(
    ['memory_guideline', 'memory_knowledge', 'memory_tool'].flatMap((tool) => [
      [tool, prepareBy(tool, 'add')],
      [`${tool} add`, nothing],
      [`${tool} bulk_add`, nothing],
    ]),
  ),
}

async function nothing(): Promise<readonly string[]> {
  return []
}

function prepareBy(tool: string, action: string) {
  return async (cli: Cli): Promise<readonly string[]> => {
    const example = OPERATIONS.find((operation) => operation.tool === tool && operation.action === action)
    if (!example) throw new RangeError(`no ${tool} ${action}`)
    const { id } = await must(cli, exampleOf(example))
    return [String(id)]
  }
}

function prepare({ tool, action }: Operation, cli: Cli): Promise<readonly string[]> {
  return (PREPARE[`${tool} ${action}`] ?? PREPARE[tool] ?? nothing)(cli)
}

describe('the example of every action', () => {
  it.each(OPERATIONS.map((operation) => [exampleOf(operation), operation] as const))(
    'works: %s',
    async (line, operation) => {
      await withCli(async (cli) => {
        const [id = 'ID', id2 = 'ID2'] = await prepare(operation, cli)
        const result = await must(cli, line.replace(/\bID2\b/, id2).replace(/\bID\b/, id))
        operation.output.parse(result)
        const shown = render(operation, result, terminalOf({ columns: undefined, env: {} }))
        expect(shown).not.toMatch(/undefined|\[object|^\s*$/)
        expect(shown).not.toContain('\x1b')
      })
    },
  )

  it('is part of the help', async () => {
    await withCli(async (cli) => {
      for (const operation of OPERATIONS) {
        const words = shellWords(exampleOf(operation)).slice(1, exampleOf(operation).indexOf(' ') > 0 ? 3 : 2)
        const { code, stdout } = await cli([...words, '--help'])
        expect({ code, has: stdout.includes(`Example:\n  ${exampleOf(operation)}\n`) }).toEqual({
          code: 0,
          has: true,
        })
      }
    })
  })
})
