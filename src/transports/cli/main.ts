import { AppError } from '../../domain/errors.ts'
import { VERSION } from '../../version.ts'
import { type CommandLine, readCommandLine } from './arguments/command-line.ts'
import { inputOf } from './arguments/input.ts'
import { refuseLostBytes } from './arguments/lost-bytes.ts'
import { keepSecretsIn } from './arguments/secrets.ts'
import { readValue } from './arguments/stdin.ts'
import { UsageError } from './arguments/usage.ts'
import { isBranch } from './command.ts'
import { PROGRAM } from './commands.ts'
import type { CliIo, CommandIo } from './io.ts'
import { errorText } from './view/errors.ts'
import { helpOf } from './view/help.ts'
import { printableJson, terminalOf } from './view/terminal.ts'

/** Runs the command line. The exit code: 0 done, 1 refused, 2 not understood. */
export async function runCli(argv: readonly string[], io: CliIo): Promise<number> {
  keepSecretsIn(argv)
  const line = readCommandLine(argv, PROGRAM)
  const commandIo = commandIoOf(line, io)
  try {
    await refuseLostBytes(argv)
    return await run(line, commandIo)
  } catch (error) {
    if (!(error instanceof AppError)) throw error
    if (commandIo.isJson) commandIo.answer(error.toBody(), () => '')
    else io.stderr.write(errorText(error))
    return error instanceof UsageError ? 2 : 1
  }
}

async function run({ place, globals, problem, ...given }: CommandLine, io: CommandIo): Promise<number> {
  if (place && globals['help'] === true) return print(io, helpOf(place))
  if (place && globals['version'] === true) return print(io, `${VERSION}\n`)
  if (problem) throw problem
  if (!place || isBranch(place)) return print(io, helpOf(PROGRAM))
  return place.run(await inputOf(place, given, () => readValue(io.stdin)), io)
}

function commandIoOf({ globals, overrides }: CommandLine, io: CliIo): CommandIo {
  const { json, color } = globals
  const isJson = json === true
  return {
    ...io,
    overrides,
    isJson,
    config: () => io.readConfig(overrides),
    terminal: terminalOf({ ...io, color: typeof color === 'boolean' ? color : undefined }),
    answer: (value, text) => io.stdout.write(isJson ? `${printableJson(value)}\n` : text()),
  }
}

function print(io: CliIo, text: string): number {
  io.stdout.write(text)
  return 0
}
