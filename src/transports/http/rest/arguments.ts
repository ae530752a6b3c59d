import { HttpProblem } from '../problems.ts'

type Json = Readonly<Record<string, unknown>>

/** A request taken apart. */
interface Given {
  readonly path: Readonly<Record<string, string>>
  readonly query: URLSearchParams
  readonly body: Json
}

/** What stands behind the question mark of an address. */
export function queryOf(url: string): URLSearchParams {
  const [whole = ''] = url.split('#', 1)
  const at = whole.indexOf('?')
  return new URLSearchParams(at < 0 ? '' : whole.slice(at + 1))
}

/**
 * One call's arguments from path, query and body. Texts of a query are read as everywhere (`operations/arguments`): a number is its
 * text, a name that is there twice makes a list, a list or object may also stand as JSON, `tags[]=a` is one of a list and
 * `tags[include]=a` of an object.
 */
export function argumentsOf({ path, query, body }: Given): Record<string, unknown> {
  const args: Record<string, unknown> = { ...body }
  for (const [name, value] of queryArguments(query)) setOnce(args, name, value, 'the query and the body')
  for (const [name, value] of Object.entries(path)) setOnce(args, name, value, 'the path and elsewhere')
  return args
}

const BRACKETS = /^(\w+)(?:\[(\w+)\])?(?:\[\])?$/

function queryArguments(query: URLSearchParams): Map<string, unknown> {
  const args = new Map<string, unknown>()
  const objects = new Map<string, Map<string, unknown>>()
  for (const written of new Set(query.keys())) {
    const [, name = written, key] = BRACKETS.exec(written) ?? []
    const texts = query.getAll(written)
    const value = texts.length > 1 || written.endsWith('[]') ? texts : texts[0]
    if (key === undefined) putOnce(args, name, { value, name })
    else {
      const keys = objects.get(name) ?? new Map<string, unknown>()
      putOnce(keys, key, { value, name })
      objects.set(name, keys)
    }
  }
  for (const [name, keys] of objects) putOnce(args, name, { value: Object.fromEntries(keys), name })
  return args
}

function putOnce(
  into: Map<string, unknown>,
  key: string,
  { value, name }: { value: unknown; name: string },
): void {
  if (into.has(key)) throw twice(name, 'two forms')
  into.set(key, value)
}

function twice(name: string, places: string): HttpProblem {
  return new HttpProblem(400, 'INVALID_PARAMETER', `${name.slice(0, 64)} is given twice, in ${places}.`)
}

/** The same value in two places is no harm. */
function setOnce(args: Record<string, unknown>, name: string, value: unknown, places: string): void {
  if (Object.hasOwn(args, name) && args[name] !== value) throw twice(name, places)
  // Whatever it is called: a plain assignment would set what __proto__ means.
  Object.defineProperty(args, name, { value, enumerable: true, configurable: true, writable: true })
}
