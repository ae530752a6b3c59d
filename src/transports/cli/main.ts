import { AppError } from '../../domain/errors.ts'
import { nearest } from '../../domain/nearest.ts'
import type { Operation } from '../../operations/define.ts'
import { VERSION } from '../../version.ts'
import { type Overrides, takeAll, takeLeading, unknownFlag } from './arguments/globals.ts'
import { UsageError } from './arguments/usage-error.ts'
import { COMMANDS } from './commands.ts'
import type { CliIo, CommandIo } from './io.ts'
import { runTool } from './run-tool.ts'
import { findAction, findTool, SHORTCUTS, TOOL_COMMANDS, type ToolCommand } from './tools.ts'
import { actionHelp, programHelp, toolHelp } from './view/help.ts'
import { oneLine, printableJson } from './view/terminal.ts'

/** Runs the command line. The exit code: 0 done, 1 refused, 2 not understood. */
export async function runCli(argv: readonly string[], io: CliIo): Promise<number> {
  try {
    const { overrides, rest } = takeLeading(argv)
    return await dispatch(rest, overrides, io)
  } catch (error) {
    if (!(error instanceof AppError)) throw error
    showError(error, argv, io)
    return error instanceof UsageError ? 2 : 1
  }
}

async function dispatch(argv: readonly string[], overrides: Overrides, io: CliIo): Promise<number> {
  const [word, ...rest] = argv
  if (word === undefined || word === '--help' || word === '-h') return print(io, programHelp())
  if (word === '--version') return print(io, `${VERSION}\n`)
  if (word === 'help') return dispatch([...rest, '--help'], overrides, io)
  if (word.startsWith('-')) throw unknownFlag(word, ['help', 'version'], 'See agent-memory --help.')
  if (Object.hasOwn(COMMANDS, word)) return runCommand(word, rest, commandIo(io, overrides))
  const shortcut = SHORTCUTS.get(word)
  if (shortcut) return runAction(shortcut, rest, commandIo(io, overrides))
  const tool = findTool(word)
  if (!tool) throw unknownCommand(word)
  return runToolCommand(tool, rest, commandIo(io, overrides))
}

async function runCommand(word: string, argv: readonly string[], io: CommandIo): Promise<number> {
  const command = COMMANDS[word]
  if (!command) throw unknownCommand(word)
  const run = await command.load()
  if (command.ownFlags) return run([...argv], io)
  const { overrides, rest } = takeAll(argv)
  return run(rest, commandIo(io, { ...io.overrides, ...overrides }))
}

function runToolCommand(tool: ToolCommand, argv: readonly string[], io: CommandIo): Promise<number> | number {
  const [only] = tool.operations
  if (only?.action === null) return runAction(only, argv, io)
  const [word, ...rest] = argv
  if (word === undefined || word.startsWith('-')) {
    if (argv.some(isHelp)) return print(io, toolHelp(tool))
    throw new UsageError(
      'INVALID_ACTION',
      `agent-memory ${tool.word} needs an action.`,
      `See agent-memory ${tool.word} --help.`,
    )
  }
  return runAction(findAction(tool, word), rest, io)
}

function runAction(operation: Operation, argv: readonly string[], io: CommandIo): Promise<number> | number {
  const end = argv.indexOf('--')
  const options = end === -1 ? argv : argv.slice(0, end)
  if (options.some(isHelp)) return print(io, actionHelp(operation))
  const isJson = options.includes('--json')
  const own = [...options.filter((arg) => arg !== '--json'), ...argv.slice(options.length)]
  return runTool(operation, { argv: own, isJson }, io)
}

function isHelp(arg: string): boolean {
  return arg === '--help' || arg === '-h'
}

function commandIo(io: CliIo, overrides: Overrides): CommandIo {
  return { ...io, overrides, config: () => io.readConfig(overrides) }
}

function print(io: CliIo, text: string): number {
  io.stdout.write(text)
  return 0
}

function unknownCommand(word: string): UsageError {
  const known = [
    ...Object.keys(COMMANDS),
    ...SHORTCUTS.keys(),
    ...TOOL_COMMANDS.map((tool) => tool.word),
    'help',
  ]
  const near = nearest(word, known)
  return new UsageError(
    'INVALID_ACTION',
    `There is no command '${word.slice(0, 64)}'.`,
    `${near ? `Did you mean '${near}'? ` : ''}See agent-memory --help.`,
  )
}

/** To machines the body that every transport gives, to people what was wrong and what to do. */
function showError(error: AppError, argv: readonly string[], { stdout, stderr }: CliIo): void {
  if (argv.includes('--json')) {
    stdout.write(`${printableJson(error.toBody())}\n`)
    return
  }
  const { code, errorName, message, suggestion } = error
  const lines = [`${code} ${errorName}: ${message}`, ...detailsOf(error), suggestion].map(oneLine)
  stderr.write(`${lines.join('\n')}\n`)
}

/** What a caller may need of the details, such as who holds a lock, as far as the message does not say it. */
function detailsOf({ message, details = {} }: AppError): string[] {
  const said = new Set(message.split(/[\s'",()]+|[.:](?:\s|$)/))
  return Object.entries(details).flatMap(([key, value]) =>
    isShown(value) && !said.has(String(value)) ? [`${key}: ${value}`] : [],
  )
}

function isShown(value: unknown): value is string | number {
  return (typeof value === 'string' && value !== '') || typeof value === 'number'
}
