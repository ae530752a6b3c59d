import { type Connection, type PoolClient, Query } from 'pg'
import { serialize } from 'pg-protocol'

/** One statement, its values, and where its answer goes. */
export interface Statement {
  readonly text: string
  readonly values: readonly unknown[]
  /** Kept ready on the server under this name from the first time on. */
  readonly name: string | undefined
  readonly resolve: (answer: Answered) => void
  readonly reject: (error: unknown) => void
}

export interface Answered {
  readonly command: string
  readonly rowCount: number | null
  readonly rows: readonly Row[]
}

type Row = Record<string, unknown>
interface Field {
  readonly name: string
  readonly parse: (text: string) => unknown
}

/** Per connection: the statements that it keeps ready, and the form of their rows. */
const kept = new WeakMap<object, Map<string, readonly Field[]>>()

/**
 * Statements that go to the server together and are answered together: one message each way, however many they are. The server does
 * them in order, and after one that fails none.
 */
export class Batch extends Query {
  readonly #client: PoolClient
  readonly #statements: readonly Statement[]
  readonly #known: Map<string, readonly Field[]>
  readonly #done: Answered[] = []
  /** Of the statement that is being answered. */
  #rows: Row[] = []
  #fields: readonly Field[] = []
  readonly #end = Promise.withResolvers<void>()
  /** The driver puts a limit of time around it. */
  callback: (error?: unknown) => void = () => {}

  constructor(client: PoolClient, statements: readonly Statement[]) {
    super('')
    this.#client = client
    this.#statements = statements
    this.#known = kept.get(client) ?? new Map<string, readonly Field[]>()
    kept.set(client, this.#known)
  }

  /** When each statement has its answer. */
  get answered(): Promise<void> {
    return this.#end.promise
  }

  /** The driver hands an error that is returned to `handleError`. */
  override submit = ({ stream }: Connection): Error | undefined => {
    try {
      const message = this.#written()
      if (stream.writable) stream.write(message)
    } catch (error) {
      return error instanceof Error ? error : new Error('a statement cannot be sent', { cause: error })
    }
    this.#startNext()
    return undefined
  }

  /** In one piece: as a write of the socket each message costs several times what it costs to make. */
  #written(): Buffer {
    const messages: Buffer[] = []
    const fresh = new Set<string>()
    for (const { name = '', text, values } of this.#statements) {
      const isKnown = name !== '' && this.#known.has(name)
      if (!isKnown && !fresh.has(name)) {
        // An attempt before may have failed after this much: what is not there is closed without an error.
        if (name !== '') messages.push(serialize.close({ type: 'S', name }))
        messages.push(serialize.parse({ name, text }))
        if (name !== '') fresh.add(name)
      }
      messages.push(serialize.bind({ statement: name, values: values.map(written) }))
      if (!isKnown) messages.push(serialize.describe({ type: 'P' }))
      messages.push(serialize.execute())
    }
    return Buffer.concat([...messages, serialize.sync()])
  }

  handleRowDescription({ fields }: { fields: readonly FieldMessage[] }): void {
    this.#fields = fields.map(({ name, dataTypeID }) => ({
      name,
      parse: this.#client.getTypeParser(dataTypeID, 'text'),
    }))
  }

  handleDataRow({ fields: texts }: { fields: readonly (string | null)[] }): void {
    const row: Row = {}
    for (let place = 0; place < this.#fields.length; place++) {
      const field = this.#fields[place]
      const text = texts[place] ?? null
      if (field) row[field.name] = text === null ? null : field.parse(text)
    }
    this.#rows.push(row)
  }

  handleCommandComplete({ text }: { text: string }): void {
    const name = this.#statements[this.#done.length]?.name
    if (name !== undefined) this.#known.set(name, this.#fields)
    const [command = '', ...counts] = text.split(' ')
    const rowCount = Number(counts.at(-1))
    this.#done.push({ command, rowCount: Number.isNaN(rowCount) ? null : rowCount, rows: this.#rows })
    this.#startNext()
  }

  handleReadyForQuery(): void {
    this.#settle(new Error('the server left a statement without an answer'))
  }

  handleError(error: unknown): void {
    this.#settle(error)
  }

  #startNext(): void {
    this.#rows = []
    const name = this.#statements[this.#done.length]?.name
    this.#fields = (name !== undefined && this.#known.get(name)) || []
  }

  /** What was not done before an error is not done for that reason. */
  #settle(error: unknown): void {
    this.callback()
    for (const [place, { resolve, reject }] of this.#statements.entries()) {
      const answer = this.#done[place]
      if (answer) resolve(answer)
      else reject(error)
    }
    this.#end.resolve()
  }
}

interface FieldMessage {
  readonly name: string
  readonly dataTypeID: number
}

/** A value as the server reads it. */
function written(value: unknown): string | null {
  if (value === null || value === undefined) return null
  if (typeof value === 'string') return value
  if (typeof value === 'number' || typeof value === 'bigint' || typeof value === 'boolean')
    return String(value)
  if (Array.isArray(value)) return `{${value.map(element).join(',')}}`
  throw new TypeError(`a ${typeof value} cannot be stored; encode it in the query`)
}

function element(value: unknown): string {
  const text = written(value)
  return text === null ? 'NULL' : `"${text.replaceAll(/[\\"]/g, '\\$&')}"`
}
