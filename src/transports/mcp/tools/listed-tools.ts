import { TOOLS, type ToolName } from '../../../domain/toolsets.ts'
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
}

const LISTED_FIELDS = 4

/** Gathers the catalogue's actions into tools, in the catalogue's order. */
export function listTools(operations: readonly ListedOperation[]): ListedTool[] {
  return [...Map.groupBy(operations, ({ tool }) => tool)].map(([name, actions]) => listTool(name, actions))
}

function listTool(name: ToolName, actions: readonly ListedOperation[]): ListedTool {
  const { title, description } = TOOLS[name]
  const hints = actions.map((action) => action.hints)
  return {
    name,
    title,
    description: [description, ...needs(actions)].join(' '),
    inputSchema: inputSchema(actions),
    outputSchema: outputSchema(actions),
    annotations: {
      readOnlyHint: hints.every((hint) => hint.readOnly),
      destructiveHint: hints.some((hint) => hint.destructive),
      idempotentHint: hints.every((hint) => hint.idempotent),
      openWorldHint: false,
    },
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

/** The first few of the fields that at least half of the actions answer; the reference page has them all. */
function outputSchema(actions: readonly ListedOperation[]): ObjectSchema {
  const summaries = actions.map(({ output }) => summariseOutput(output))
  const common = Object.entries(summaries.reduce(mergeOutputs, {})).filter(
    ([name]) => summaries.filter((properties) => name in properties).length >= actions.length / 2,
  )
  return { type: 'object', properties: Object.fromEntries(common.slice(0, LISTED_FIELDS)) }
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
