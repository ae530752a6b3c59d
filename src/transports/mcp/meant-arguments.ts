type Json = Readonly<Record<string, unknown>>

/**
 * A message with its arguments as they are meant, before the protocol's own schema refuses them: models send null for none, some
 * gateways pass on the text that a model wrote, which is the object as JSON, and clients in PHP write an object that holds nothing as [].
 */
export function withMeantArguments(message: unknown): unknown {
  if (!isObject(message)) return message
  const { params: named, ...bare } = message
  if (named === null || isEmptyList(named)) return bare
  if (!isObject(named)) return message
  const { arguments: given, ...params } = withoutNone(named)
  if (isNothing(given))
    return { ...message, params: bare['method'] === 'initialize' ? start(params, named) : params }
  const read = typeof given === 'string' ? objectIn(given) : undefined
  const meant = unwrapped(read ?? given) ?? read
  return { ...message, params: { ...params, arguments: meant ?? given } }
}

/** Where a client begins a list it may say so by a cursor that is none; some write every field that they do not set as null. */
function withoutNone({ _meta, ...params }: Json): Json {
  const set = Object.entries(params).filter(
    ([name, value]) => value !== null && (name !== 'cursor' || value !== ''),
  )
  return { ...Object.fromEntries(set), ...(!isNothing(_meta) && { _meta: withoutNullToken(_meta) }) }
}

/** What a client can, and how it is called, without what it does not set: a refusal here leaves it without the server. */
function start({ clientInfo, ...params }: Json, { capabilities }: Json): Json {
  return {
    ...params,
    ...(capabilities !== undefined && { capabilities: onlySet(capabilities ?? {}) }),
    ...(isObject(clientInfo) && { clientInfo: onlySet(clientInfo) }),
  }
}

/** An object without its nulls, at every depth; one that holds nothing may be a list. */
function onlySet(value: unknown): unknown {
  if (isEmptyList(value)) return {}
  if (!isObject(value)) return value
  const set = Object.entries(value).filter(([, member]) => member !== null)
  return Object.fromEntries(set.map(([name, member]) => [name, onlySet(member)]))
}

function isNothing(given: unknown): boolean {
  if (given === undefined || given === null || isEmptyList(given)) return true
  return typeof given === 'string' && given.trim() === ''
}

function isEmptyList(value: unknown): boolean {
  return Array.isArray(value) && value.length === 0
}

/** A token that is none asks for no progress. */
function withoutNullToken(meta: unknown): unknown {
  if (!isObject(meta) || meta['progressToken'] !== null) return meta
  const { progressToken: _none, ...rest } = meta
  return rest
}

const WRAPPERS = new Set(['arguments', 'args', 'input', 'parameters', 'params', 'kwargs'])

/** What stands in the only argument, where that is no argument at all but another call's envelope. */
function unwrapped(given: unknown): Json | undefined {
  if (!isObject(given)) return undefined
  const [[key = '', value] = [], ...others] = Object.entries(given)
  if (others.length > 0 || !WRAPPERS.has(key)) return undefined
  const inside = typeof value === 'string' ? objectIn(value) : value
  return isObject(inside) && Object.hasOwn(inside, 'action') ? inside : undefined
}

function objectIn(text: string): Json | undefined {
  try {
    const value: unknown = JSON.parse(text)
    return isObject(value) ? value : undefined
  } catch {
    return undefined
  }
}

function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
