type Json = Readonly<Record<string, unknown>>

/**
 * A message with its arguments as they are meant, before the protocol's own schema refuses them: models send null for none, and
 * some gateways pass on the text that a model wrote, which is the object as JSON.
 */
export function withMeantArguments(message: unknown): unknown {
  if (!isObject(message)) return message
  const { params: named, ...bare } = message
  if (named === null) return bare
  if (!isObject(named)) return message
  const { arguments: given, ...params } = withoutNone(named)
  if (given === null || (typeof given === 'string' && given.trim() === '')) return { ...message, params }
  const read = typeof given === 'string' ? objectIn(given) : undefined
  const meant = unwrapped(read ?? given) ?? read
  if (meant) return { ...message, params: { ...params, arguments: meant } }
  return { ...message, params: given === undefined ? params : { ...params, arguments: given } }
}

/** Where a client begins a list it may say so by a cursor that is none; some write every field that they do not set as null. */
function withoutNone({ cursor, _meta, ...params }: Json): Json {
  return {
    ...params,
    ...(cursor !== undefined && cursor !== null && cursor !== '' && { cursor }),
    ...(_meta !== undefined && _meta !== null && { _meta: withoutNullToken(_meta) }),
  }
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
