import { TOOLS, type ToolName } from '../../domain/toolsets.ts'
import type { Operation } from '../../operations/define.ts'
import { OPERATIONS } from '../../operations/index.ts'
import { type Branch, type Command, dashed } from './command.ts'
import { exampleOf, isShortcut, toolWords, wordsOf } from './names.ts'
import { runTool } from './run-tool.ts'

/** Keys have commands of their own, which work before any server runs and print a key so that a script can take it. */
const COMMANDS = OPERATIONS.filter(({ tool }) => tool !== 'memory_key').map((operation) => ({
  operation,
  command: toCommand(operation),
}))

/** Actions that have a word of their own: the ones that people type most. */
export const SHORTCUTS: readonly Command[] = COMMANDS.filter(({ operation }) => isShortcut(operation)).map(
  ({ command }) => command,
)

/** The tools by every name of theirs; one without actions is a command itself. */
export const TOOL_COMMANDS: ReadonlyMap<string, Branch | Command> = new Map(
  [...Map.groupBy(COMMANDS, ({ operation }) => operation.tool)].flatMap(([tool, actions]) => {
    const place = placeOf(tool, actions)
    return toolWords(tool).map((word) => [word, place] as const)
  }),
)

function placeOf(tool: ToolName, actions: typeof COMMANDS): Branch | Command {
  const [only] = actions
  if (only?.operation.action === null) return only.command
  const next = new Map(actions.map(({ operation, command }) => [dashed(operation.action ?? ''), command]))
  return { words: toolWords(tool).slice(0, 1), summary: TOOLS[tool].description, next }
}

function toCommand(operation: Operation): Command {
  const { summary, positional = [] } = operation
  return {
    words: wordsOf(operation),
    summary,
    get input() {
      return operation.input
    },
    positional,
    examples: [[exampleOf(operation), '']],
    readsStdin: true,
    run: (given, io) => runTool(operation, given, io),
  }
}
