import { nearest } from '../../domain/nearest.ts'
import type { Operation } from '../../operations/define.ts'
import { OPERATIONS } from '../../operations/index.ts'
import { UsageError } from './arguments/usage-error.ts'

/** A tool as the command line names it. */
export interface ToolCommand {
  readonly word: string
  readonly tool: string
  readonly operations: readonly Operation[]
}

const WORDS: Readonly<Record<string, string>> = { memory_file_lock: 'lock' }

export const TOOL_COMMANDS: readonly ToolCommand[] = [...Map.groupBy(OPERATIONS, ({ tool }) => tool)].map(
  ([tool, operations]) => ({ word: wordOf(tool), tool, operations }),
)

/** Actions that have a word of their own: the ones that people type most. */
export const SHORTCUTS: ReadonlyMap<string, Operation> = new Map(
  OPERATIONS.flatMap((operation) =>
    operation.tool === 'memory_query' && operation.action !== null ? [[operation.action, operation]] : [],
  ),
)

/** The tool that a word names, also by its MCP name or in snake_case. */
export function findTool(word: string): ToolCommand | undefined {
  const plain = dashed(word.replace(/^memory[_-]/, ''))
  return TOOL_COMMANDS.find((command) => command.word === plain || dashed(unprefixed(command.tool)) === plain)
}

/** The action that a word names, in kebab or snake case. */
export function findAction({ word: tool, operations }: ToolCommand, word: string): Operation {
  const found = operations.find(({ action }) => action !== null && dashed(action) === dashed(word))
  if (found) return found
  const known = operations.flatMap(({ action }) => (action === null ? [] : [dashed(action)]))
  const near = nearest(dashed(word), known)
  throw new UsageError(
    'INVALID_ACTION',
    `agent-memory ${tool} has no action '${word.slice(0, 64)}'.`,
    `${near ? `Did you mean '${near}'? ` : ''}There are: ${known.join(', ')}.`,
  )
}

/** The words that run an operation, for help and hints. */
export function commandOf(operation: Operation): string {
  const { tool, action } = operation
  if (action !== null && SHORTCUTS.get(action) === operation) return `agent-memory ${action}`
  return ['agent-memory', wordOf(tool), ...(action === null ? [] : [dashed(action)])].join(' ')
}

/** How the command line writes a name: with dashes, whatever it was written with. */
export function dashed(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`).replaceAll(/[_.]/g, '-')
}

function wordOf(tool: string): string {
  return WORDS[tool] ?? dashed(unprefixed(tool))
}

function unprefixed(tool: string): string {
  return tool.replace(/^memory_/, '')
}
