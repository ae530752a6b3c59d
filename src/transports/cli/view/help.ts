import { GLOBAL_FLAGS } from '../arguments/globals.ts'
import {
  choicesOf,
  type Flag,
  flagsOf,
  isBoolean,
  isList,
  isOnOff,
  type JsonSchema,
  typesOf,
} from '../arguments/schema.ts'
import { type Branch, type Command, type Example, isBranch, lineOf, nextOf } from '../command.ts'

type Line = readonly [left: string, right: string]

const EXAMPLES: readonly Example[] = [
  ['agent-memory setup claude-code', 'Register with a client'],
  ['agent-memory guideline add "No force push" "Never force-push to main."', ''],
  ['agent-memory search "force push"', ''],
  ['agent-memory lock checkout src/auth/jwt.ts', ''],
]

/** What `--help` shows of the program, of a tool or of a command. */
export function helpOf(place: Branch | Command): string {
  if (!isBranch(place)) return commandHelp(place)
  return place.words.length === 0 ? programHelp(place) : toolHelp(place)
}

function programHelp(program: Branch): string {
  const { tools = [], commands = [] } = Object.groupBy(nextOf(program), ([, place]) =>
    (isBranch(place) ? !place.isOwn : place.readsStdin) ? 'tools' : 'commands',
  )
  return parts(
    'Usage: agent-memory <command> [options]',
    program.summary,
    section('Commands', commands.map(summaryLine)),
    section('Tools', tools.map(summaryLine)),
    section('Options of every command', GLOBAL_FLAGS.map(flagLine)),
    section('Examples', EXAMPLES),
    'agent-memory <tool> --help lists the actions of a tool, agent-memory <tool> <action> --help the options of one.',
  )
}

function toolHelp(tool: Branch): string {
  return parts(
    `Usage: ${lineOf(tool)} <action> [options]`,
    tool.summary,
    section('Actions', nextOf(tool).map(summaryLine)),
    `${lineOf(tool)} <action> --help shows the options of one.`,
  )
}

function commandHelp(command: Command): string {
  const { summary, about = '', examples } = command
  const flags = flagsOf(command.input)
  const words = command.positional.map((name) => positionalText(name, flags))
  return parts(
    `Usage: ${[lineOf(command), ...words, '[options]'].join(' ')}`,
    summary,
    about,
    section('Options', flags.map(flagLine)),
    section(
      'Options of every command',
      GLOBAL_FLAGS.filter(({ name }) => !flags.some((own) => own.name === name)).map(flagLine),
    ),
    ...(command.readsStdin && flags.length > 0 ? ['A value of - is read from stdin.'] : []),
    section(examples.length === 1 ? 'Example' : 'Examples', examples),
  )
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
  const { short, value = valueText(schema) } = schema
  const long = isBoolean(schema) ? `--${isOnOff(schema) ? '[no-]' : ''}${name}` : `--${name} ${value}`
  const left = short === undefined ? long : `-${short}, ${long}`
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

function summaryLine([name, { summary }]: ReturnType<typeof nextOf>[number]): Line {
  return [name, summary]
}

function section(title: string, lines: readonly Line[]): string {
  const width = Math.min(41, Math.max(0, ...lines.map(([left, right]) => (right === '' ? 0 : left.length))))
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
