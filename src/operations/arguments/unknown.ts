import { AppError } from '../../domain/errors.ts'
import { nearest } from '../../domain/text/nearest.ts'
import type { Operation } from '../define.ts'
import { containerIn } from './literals.ts'
import { schemaOf } from './schema.ts'
import { declaredName, settle } from './settle.ts'
import { meantArgument, snakeCase } from './words.ts'

/** The names in one message: a caller that sends hundreds learns no more from hundreds. */
const MOST_NAMED = 5
const LONGEST_SHOWN = 64

/**
 * What is given beside the operation's arguments. What belongs to another action of the tool and holds its default there says
 * nothing and is passed over; everything else is refused in one message, each with where it belongs or what it may mean.
 */
export async function refuseUnknown(
  operation: Operation,
  given: Readonly<Record<string, unknown>>,
): Promise<void> {
  const others = (await import('../index.ts')).OPERATIONS.filter(
    ({ tool, action }) => tool === operation.tool && action !== operation.action,
  )
  const wrong = Object.entries(given).filter(
    ([key, value]) => !others.some((other) => isDefault(other, key, value)),
  )
  if (wrong.length === 0) return
  const known = [...Object.keys(operation.input.shape), 'agent_id'].sort()
  const named = wrong
    .slice(0, MOST_NAMED)
    .map(([key, value]) => wrapped(key, value, known) ?? sentence(key, known, others))
  const more = wrong.length > named.length ? [`And ${wrong.length - named.length} more.`] : []
  throw new AppError('UNKNOWN_PARAMETER', [...named, ...more].join(' '), {
    details: { argument: shown(wrong[0]?.[0] ?? ''), known },
  })
}

function isDefault(operation: Operation, key: string, value: unknown): boolean {
  const { properties = {} } = schemaOf(operation)
  const name = declaredName(key, properties)
  const schema = Object.hasOwn(properties, name) ? properties[name] : undefined
  if (!schema) return false
  const meant = settle(schema, value, { name, isRequired: false, now: 0 })
  return meant === undefined || JSON.stringify(meant) === JSON.stringify(schema.default)
}

/** The arguments in one object, as other servers take them. */
function wrapped(key: string, value: unknown, known: readonly string[]): string | undefined {
  const inside = typeof value === 'string' ? containerIn(value)?.value : value
  const keys = typeof inside === 'object' && inside !== null ? Object.keys(inside) : []
  const own = keys.filter((name) => known.includes(name) || known.includes(snakeCase(name).toLowerCase()))
  if (own.length === 0) return undefined
  const names = own.slice(0, MOST_NAMED).join(', ')
  return `Unknown argument '${shown(key)}'. Give what is in it as arguments of their own: ${names}.`
}

function sentence(key: string, known: readonly string[], others: readonly Operation[]): string {
  const unknown = `Unknown argument '${shown(key)}'.`
  const meant = meantArgument(key, known) ?? nearest(snakeCase(key).slice(0, LONGEST_SHOWN), known)
  const owners = others.filter(({ input }) => Object.hasOwn(input.shape, declaredName(key, input.shape)))
  if (owners.length > 0) return `${unknown} It belongs to ${owners.map(({ action }) => action).join(', ')}.`
  return meant === undefined ? unknown : `${unknown} Did you mean '${meant}'?`
}

function shown(key: string): string {
  return key.length > LONGEST_SHOWN ? `${key.slice(0, LONGEST_SHOWN)}…` : key
}
