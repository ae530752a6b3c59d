import type { z } from 'zod'
import { nearest } from '../../../domain/text/nearest.ts'
import { choicesOf, flagsOf } from '../arguments/schema.ts'
import { seeHelp, UsageError } from '../arguments/usage.ts'
import type { Command, Given } from '../command.ts'
import type { CommandIo } from '../io.ts'

type Definition<I extends z.ZodObject> = Omit<Command, 'input' | 'positional' | 'run'> & {
  readonly input: I
  readonly positional?: readonly Extract<keyof I['shape'], string>[]
  readonly run: (input: z.output<I>, io: CommandIo) => Promise<number>
}

/** A command that is no operation: its input is checked before it runs. */
export function defineCommand<I extends z.ZodObject>(definition: Definition<I>): Command {
  const command = {
    ...definition,
    positional: definition.positional ?? [],
    run: async (given: Given, io: CommandIo) => {
      const parsed = definition.input.safeParse(given)
      if (!parsed.success) throw problemOf(command, parsed.error, given)
      return definition.run(parsed.data, io)
    },
  }
  return command
}

/** What does not fit, by the name under which it was typed; its value is not repeated. */
function problemOf(command: Command, { issues: [issue] }: z.ZodError, given: Given): UsageError {
  const [name = '', at = 0] = issue?.path ?? []
  const flag = flagsOf(command.input).find(({ path }) => path[0] === name)
  const { schema = {}, name: typed = '' } = flag ?? {}
  const label = command.positional.includes(String(name)) ? String(name).toUpperCase() : `--${typed}`
  const value = [given[String(name)]].flat()[Number(at)]
  if (value === undefined) {
    const whole = [label, ...(label.startsWith('--') ? [schema.value] : [])].join(' ')
    return new UsageError('MISSING_FIELD', `${whole} is missing.`, seeHelp(command))
  }
  const choices = choicesOf(schema)
  const near = nearest(String(value), choices)
  const message = choices.length > 0 ? `is one of ${choices.join(', ')}` : issue?.message
  const hint = `${near === undefined ? '' : `Did you mean ${near}? `}${seeHelp(command)}`
  return new UsageError('INVALID_PARAMETER', `${label} ${message}.`, hint)
}
