import { TOOLS, type ToolInfo, type ToolName } from '../../../domain/toolsets.ts'
import type { ListedOperation } from '../../../operations/define.ts'
import {
  mergeInputs,
  mergeOutputs,
  type SchemaSummary,
  summariseInput,
  summariseOutput,
} from './schema-summary.ts'

type ObjectSchema = { type: 'object'; properties: Record<string, SchemaSummary>; required?: string[] }

/** A tool as `tools/list` shows it: all its actions in one. */
export type ListedTool = {
  name: ToolName
  title: string
  description: string
  inputSchema: ObjectSchema
  outputSchema: ObjectSchema
  annotations: {
    readOnlyHint: boolean
    destructiveHint: boolean
    idempotentHint: boolean
    openWorldHint: false
  }
  _meta?: Record<string, string | boolean>
}

const LISTED_FIELDS = 4

/** Fields that are listed wherever an action answers them: programs that models write are checked against the schema. */
const TOLD = ['context', 'locked', 'version']

/** Gathers the catalogue's actions into tools, in the catalogue's order. */
export function listTools(operations: readonly ListedOperation[]): ListedTool[] {
  const listed = operations.filter(({ isForPeople }) => !isForPeople)
  return [...Map.groupBy(listed, ({ tool }) => tool)].map(([name, actions]) => listTool(name, actions))
}

function listTool(name: ToolName, actions: readonly ListedOperation[]): ListedTool {
  const { title, description, isAlwaysShown, searchHint }: ToolInfo = TOOLS[name]
  const meta = {
    ...(isAlwaysShown && { 'anthropic/alwaysLoad': true }),
    ...(searchHint !== undefined && { 'anthropic/searchHint': searchHint }),
  }
  const hints = actions.map((action) => action.hints)
  return {
    name,
    title,
    description: [description, ...needs(actions)].join(' '),
    inputSchema: inputSchema(actions),
    outputSchema: outputSchema(actions),
    annotations: {
      readOnlyHint: hints.every((hint) => hint.readOnly),
      // Some clients refuse a whole tool that says so, with all that it reads and locks: so only one that does nothing else does.
      destructiveHint: hints.every((hint) => hint.destructive),
      idempotentHint: hints.every((hint) => hint.idempotent),
      openWorldHint: false,
    },
    ...(Object.keys(meta).length > 0 && { _meta: meta }),
  }
}

function inputSchema(actions: readonly ListedOperation[]): ObjectSchema {
  const names = actions.flatMap(({ action }) => action ?? [])
  const summaries = actions.map(({ action, input }) => ({ action, properties: summariseInput(input) }))
  const all = summaries.map(({ properties }) => properties).reduce(mergeInputs, {})
  const own = Object.entries(all).map(([name, schema]) => {
    const uses = summaries.flatMap(({ action, properties: { [name]: use } }) =>
      use ? { action: action ?? '', description: use.description } : [],
    )
    return [name, { ...withoutNames(schema, all), ...describe(uses, names) }]
  })
  return {
    type: 'object',
    properties: {
      ...(names.length > 0 && { action: { type: 'string', enum: names } }),
      ...Object.fromEntries(own),
      agent_id: { type: 'string' },
    },
    ...(names.length > 0 && { required: ['action'] }),
  }
}

interface Use {
  readonly action: string
  readonly description: string | undefined
}

/** What most of the actions that take an argument say of it; where they differ, each in its own words. */
function describe(uses: readonly Use[], actions: readonly string[]): { description?: string } {
  const groups = [...Map.groupBy(uses, ({ description }) => description)]
  const shared = groups.find(([text, group]) => text && group.length > uses.length / 2)?.[0]
  const isForOneOfMany = uses.length === 1 && actions.length > 2
  if (shared && !isForOneOfMany) return { description: shared }
  const each = groups.flatMap(([text, group]) =>
    text ? `${group.map(({ action }) => action).join(', ')}: ${text}` : [],
  )
  return each.length > 0 ? { description: each.join('; ') } : {}
}

/** A list of names of other arguments need not list them all once more. */
function withoutNames(schema: SchemaSummary, others: Readonly<Record<string, SchemaSummary>>): SchemaSummary {
  const isNames = schema.items?.enum?.every((value) => typeof value === 'string' && value in others)
  return isNames ? { ...schema, items: { type: 'string' } } : schema
}

/**
 * The first few of the fields that at least half of the actions answer, and those that a model could not
 * guess: lists, and what says how it went.
 */
function outputSchema(actions: readonly ListedOperation[]): ObjectSchema {
  const summaries = actions.map(({ output }) => summariseOutput(output))
  const all = Object.entries(summaries.reduce(mergeOutputs, {}))
  const common = all.filter(
    ([name]) => summaries.filter((properties) => name in properties).length >= actions.length / 2,
  )
  const first = common.slice(0, LISTED_FIELDS)
  // Any answer that is cut says `shortened`, each in its way.
  const told = all.filter(
    ([name, { type }]) => name !== 'shortened' && (type === 'array' || TOLD.includes(name)),
  )
  return { type: 'object', properties: Object.fromEntries([...first, ...told]) }
}

/** What each action cannot do without: `add needs name, content; update, delete need id.` */
function needs(actions: readonly ListedOperation[]): string[] {
  const groups = Map.groupBy(actions, ({ input }) => required(input).join(', '))
  const sentences = [...groups].flatMap(([names, group]) => {
    const words = group.flatMap(({ action }) => action ?? [])
    return names && words.length > 0 ? `${words.join(', ')} need${words.length > 1 ? '' : 's'} ${names}` : []
  })
  return sentences.length > 0 ? [`${sentences.join('; ')}.`] : []
}

function required({ shape }: ListedOperation['input']): string[] {
  return Object.entries(shape).flatMap(([name, schema]) => (schema.safeParse(undefined).success ? [] : name))
}
