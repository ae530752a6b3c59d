import { AppError } from '../../domain/errors.ts'
import { idText } from '../../domain/text/text.ts'
import type { Operation } from '../define.ts'
import { refuseLost } from './lost-values.ts'
import { inputError } from './problems.ts'
import { type ArgumentSchema, schemaOf } from './schema.ts'
import { declaredName, settle, settleProperties } from './settle.ts'
import { refuseUnknown } from './unknown.ts'

type Given = Readonly<Record<string, unknown>>

const AGENT_ID: ArgumentSchema = { type: 'string' }

/**
 * The operation's arguments as they are meant, strictly checked: the one place where every transport's arguments are read.
 * What is mistyped in a way that leaves no doubt means what it says (`settle`); the rest is refused, all of it at once.
 */
export async function readArguments(
  operation: Operation,
  raw: Given,
  now: number,
): Promise<{ input: Record<string, unknown>; agentId?: string }> {
  const schema = schemaOf(operation)
  const properties = { agent_id: AGENT_ID, ...schema.properties }
  const { known, unknown } = sortOut(raw, properties)
  if (Object.keys(unknown).length > 0) await refuseUnknown(operation, unknown)
  const agentId = agentIdIn(known['agent_id'], now)
  const settled = settleProperties(schema, withoutAgent(known, schema), now)
  refuseLost(schema, settled)
  const parsed = operation.input.safeParse(settled)
  if (!parsed.success) throw inputError(parsed.error, schema, settled)
  return { input: parsed.data, ...(agentId !== undefined && { agentId }) }
}

function sortOut(raw: Given, properties: Readonly<Record<string, ArgumentSchema>>) {
  const known: Record<string, unknown> = {}
  // Without a prototype __proto__ is a name like any other, and refused as one.
  const unknown: Record<string, unknown> = Object.create(null)
  for (const [key, value] of Object.entries(raw)) {
    if (value === undefined) continue
    const name = declaredName(key, properties)
    if (!Object.hasOwn(properties, name)) unknown[key] = value
    else if (!Object.hasOwn(known, name)) known[name] = value
    else throw new AppError('INVALID_PARAMETER', `${name} is given twice, in two spellings.`)
  }
  return { known, unknown }
}

function agentIdIn(given: unknown, now: number): string | undefined {
  const value = settle(AGENT_ID, given, { name: 'agent_id', isRequired: false, now })
  if (value === undefined) return undefined
  const parsed = idText.safeParse(value)
  if (parsed.success) return parsed.data
  throw new AppError('INVALID_PARAMETER', 'agent_id: expected a text of 1 to 256 characters, e.g. "claude".')
}

/** `agent_id` is every operation's argument; an operation that declares it (to filter by it) reads it too. */
function withoutAgent(known: Given, { properties = {} }: ArgumentSchema): Given {
  if ('agent_id' in properties) return known
  const { agent_id: _agent, ...own } = known
  return own
}
