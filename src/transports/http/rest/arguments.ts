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
 * text, a name that is there twice makes a list, a list or object may also stand as JSON.
 */
export function argumentsOf({ path, query, body }: Given): Record<string, unknown> {
  const args: Record<string, unknown> = { ...body }
  for (const name of new Set(query.keys())) {
    const texts = query.getAll(name)
    setOnce(args, name, texts.length === 1 ? texts[0] : texts, 'the query and the body')
  }
  for (const [name, value] of Object.entries(path)) setOnce(args, name, value, 'the path and elsewhere')
  return args
}

/** The same value in two places is no harm. */
function setOnce(args: Record<string, unknown>, name: string, value: unknown, places: string): void {
  if (Object.hasOwn(args, name) && args[name] !== value)
    throw new HttpProblem(400, 'INVALID_PARAMETER', `${name.slice(0, 64)} is given twice, in ${places}.`)
  // Whatever it is called: a plain assignment would set what __proto__ means.
  Object.defineProperty(args, name, { value, enumerable: true, configurable: true, writable: true })
}
