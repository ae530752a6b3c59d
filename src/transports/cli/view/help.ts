import type { Operation } from '../../../operations/define.ts'
import { TOOLS } from '../../../operations/toolsets.ts'
import { GLOBAL_FLAGS } from '../arguments/globals.ts'
import {
  choicesOf,
  type Flag,
  flagsOf,
  isBoolean,
  isList,
  type JsonSchema,
  typesOf,
} from '../arguments/schema.ts'
import { COMMANDS } from '../commands.ts'
import { commandOf, dashed, SHORTCUTS, TOOL_COMMANDS, type ToolCommand } from '../tools.ts'

type Line = readonly [left: string, right: string]

/** `agent-memory --help`. */
export function programHelp(): string {
  return parts(
    'Usage: agent-memory <command> [options]',
    'A memory that AI agents keep and share.',
    section(
      'Commands',
      Object.entries(COMMANDS).map(([word, { summary }]): Line => [word, summary]),
    ),
    section('Tools', [
      ...[...SHORTCUTS].map(([word, { summary }]): Line => [word, summary]),
      ...TOOL_COMMANDS.map(({ word, tool }): Line => [word, TOOLS[tool]?.description ?? '']),
    ]),
    section('Options of every command', [
      ...globalLines(),
      ['--version', 'The version'],
      ['--help', 'This text, or that of a command'],
    ]),
    section('Examples', [
      ['agent-memory setup claude-code', 'Register with a client'],
      ['agent-memory guideline add "No force push" "Never force-push to main."', ''],
      ['agent-memory search "force push"', ''],
      ['agent-memory lock checkout src/auth/jwt.ts', ''],
    ]),
    'agent-memory <tool> --help lists the actions of a tool, agent-memory <tool> <action> --help the options of one.',
  )
}

/** `agent-memory <tool> --help`. */
export function toolHelp({ word, tool, operations }: ToolCommand): string {
  return parts(
    `Usage: agent-memory ${word} <action> [options]`,
    TOOLS[tool]?.description ?? '',
    section(
      'Actions',
      operations.map(({ action, summary }): Line => [dashed(action ?? ''), summary]),
    ),
    `agent-memory ${word} <action> --help shows the options of one.`,
  )
}

/** `agent-memory <tool> <action> --help`. */
export function actionHelp(operation: Operation): string {
  const flags = flagsOf(operation)
  const command = commandOf(operation)
  const words = (operation.positional ?? []).map((name) => positionalText(name, flags))
  return parts(
    `Usage: ${[command, ...words, '[options]'].join(' ')}`,
    operation.summary,
    section('Options', flags.map(flagLine)),
    section('Options of every action', [['--json', 'The result as JSON'], ...globalLines()]),
    ...(flags.length > 0 ? ['A value of - is read from stdin.'] : []),
    `Example:\n  ${exampleOf(operation)}`,
  )
}

/** The whole command line of an operation's example. */
export function exampleOf(operation: Operation): string {
  return `${commandOf(operation)} ${operation.example}`.trimEnd()
}

function positionalText(name: string, flags: readonly Flag[]): string {
  const flag = flags.find(({ path }) => path.length === 1 && path[0] === name)
  const plural = flags.find(({ path }) => path[0] === `${name}s`)
  const word = `${name.toUpperCase()}${flag && isList(flag.schema) ? ' …' : ''}`
  if (plural) return `[${word} …]`
  return flag?.required ? word : `[${word}]`
}

function flagLine(flag: Flag): Line {
  const { name, schema, required } = flag
  const left = isBoolean(schema)
    ? `--${schema.default === true ? '[no-]' : ''}${name}`
    : `--${name} ${valueText(schema)}`
  const notes = [
    ...(required ? ['needed'] : []),
    ...(isList(schema) ? ['repeatable'] : []),
    ...defaultText(schema),
  ]
  const text = [schema.description ?? '', rangeText(schema)].filter(Boolean).join('; ')
  return [left, `${text}${notes.length > 0 ? ` (${notes.join(', ')})` : ''}`.trimStart()]
}

function valueText(schema: JsonSchema): string {
  const choices = choicesOf(schema)
  if (choices.length > 0 && choices.join('|').length <= 40) return choices.join('|')
  if (choices.length > 0) return 'WORD'
  if (isList(schema)) return valueText(schema.items ?? {})
  const types = typesOf(schema)
  if (types.size === 0 || types.has('object')) return 'JSON'
  return types.has('number') || types.has('integer') ? 'NUMBER' : 'TEXT'
}

function rangeText(schema: JsonSchema): string {
  const choices = choicesOf(schema)
  if (choices.join('|').length > 40) return choices.join(', ')
  const { minimum, maximum } = schema
  if (minimum === undefined || maximum === undefined || maximum >= Number.MAX_SAFE_INTEGER) return ''
  const range = `${minimum} to ${maximum}`
  return schema.description?.includes(range) ? '' : range
}

function defaultText({ default: value }: JsonSchema): string[] {
  if (value === undefined || value === '' || value === false) return []
  if (typeof value === 'object') return []
  return [`default: ${value === true ? 'yes' : String(value)}`]
}

function globalLines(): Line[] {
  return Object.entries(GLOBAL_FLAGS).map(([name, { value, variable }]) => [
    `--${name} ${value}`,
    `Instead of ${variable}`,
  ])
}

function section(title: string, lines: readonly Line[]): string {
  const width = Math.min(34, Math.max(0, ...lines.map(([left]) => left.length)))
  const rows = lines.map(([left, right]) =>
    left.length > width && right !== ''
      ? `  ${left}\n  ${' '.repeat(width)}  ${right}`
      : `  ${left.padEnd(width)}  ${right}`.trimEnd(),
  )
  return lines.length === 0 ? '' : [`${title}:`, ...rows].join('\n')
}

function parts(...texts: readonly string[]): string {
  return `${texts.filter(Boolean).join('\n\n')}\n`
}
