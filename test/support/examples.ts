import { expect } from 'vitest'
import type { Operation } from '../../src/operations/define.ts'
import { OPERATIONS } from '../../src/operations/index.ts'
import { exampleOf } from '../../src/transports/cli/names.ts'
import { type Cli, shellWords } from './cli.ts'

/** Runs a command line that must work; the JSON of its result. */
export async function must(cli: Cli, line: string): Promise<Record<string, unknown>> {
  const words = shellWords(line).slice(1)
  const { code, stdout, stderr: all } = await cli([...words, '--json'])
  // The notices that the agent gets beside its answer.
  const stderr = all.replaceAll(/^Notice: .*\n/gm, '')
  expect({ line, code, stderr, stdout: code === 0 ? '' : stdout }).toEqual({
    line,
    code: 0,
    stderr: '',
    stdout: '',
  })
  return JSON.parse(stdout) as Record<string, unknown>
}

async function addGuideline(cli: Cli, name: string, more = ''): Promise<string> {
  const { id } = await must(cli, `agent-memory guideline add "${name}" "Some text about ${name}" ${more}`)
  return String(id)
}

/** All of it by other agents: the one that runs the example gets no notice. */
async function makeConflict(cli: Cli): Promise<string> {
  const id = await addGuideline(cli, 'Contested', '--agent-id a')
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
  'memory_query get': async (cli) => [await addGuideline(cli, 'One')],
  'memory_permission revoke': async (cli) => [
    await makeScope(cli, 'agent-memory permission grant bob write --scope-type global'),
  ],
  'memory_key revoke': async (cli) => [await makeScope(cli, 'agent-memory key create alice')],
  memory_tag: async (cli) => [await addGuideline(cli, 'One')],
  memory_relation: async (cli) => [await addGuideline(cli, 'One'), await addGuideline(cli, 'Two')],
  'memory_relation delete': async (cli) => {
    const [from, to] = [await addGuideline(cli, 'One'), await addGuideline(cli, 'Two')]
    return [String((await must(cli, `agent-memory relation create ${from} explains ${to}`))['id'])]
  },
  memory_conflict: async (cli) => [await makeConflict(cli)],
  'memory_scope get': async (cli) => [await makeScope(cli, 'agent-memory scope create org Acme')],
  'memory_scope move': async (cli) => [
    await makeScope(cli, 'agent-memory scope create project Shop --root-path /home/ann/old-place'),
  ],
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

/** Makes what an operation's example needs; the example with real ids in it. */
export async function prepareExample(operation: Operation, cli: Cli): Promise<string> {
  const { tool, action } = operation
  const [id = 'ID', id2 = 'ID2'] = await (PREPARE[`${tool} ${action}`] ?? PREPARE[tool] ?? nothing)(cli)
  return exampleOf(operation)
    .replace(/\bID2\b/, id2)
    .replace(/\bID\b/, id)
}
