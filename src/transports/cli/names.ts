import type { Operation } from '../../operations/define.ts'
import { dashed, lineOf } from './command.ts'

const WORDS: Readonly<Record<string, string>> = { memory_file_lock: 'lock' }

/** The words that run an operation, for help and hints. */
export function commandOf(operation: Operation): string {
  return lineOf({ words: wordsOf(operation) })
}

/** The whole command line of an operation's example. */
export function exampleOf(operation: Operation): string {
  return `${commandOf(operation)} ${operation.example}`.trimEnd()
}

/** What stands for an operation after `agent-memory`. */
export function wordsOf(operation: Operation): readonly string[] {
  const { tool, action } = operation
  const words = toolWords(tool).slice(0, 1)
  if (action === null) return words
  return isShortcut(operation) ? [action] : [...words, dashed(action)]
}

/** Actions that have a word of their own: the ones that people type most. */
export function isShortcut({ tool, action }: Operation): boolean {
  return tool === 'memory_query' && action !== null
}

/** A tool's own word, and its name over MCP. */
export function toolWords(tool: string): readonly [string, string] {
  const name = dashed(tool.replace(/^memory_/, ''))
  return [WORDS[tool] ?? name, name]
}
