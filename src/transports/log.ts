import { inspect } from 'node:util'
import { MaskedPieces, masked } from '../domain/text/secrets.ts'
import type { CallRecord } from '../operations/run.ts'

const LEVELS = ['debug', 'info', 'warn', 'error', 'silent'] as const
export type LogLevel = (typeof LEVELS)[number]
type Fields = Readonly<Record<string, unknown>>

/** One JSON line for each event. Fields are names and numbers: never arguments, stored text or secrets. */
export type Log = Readonly<Record<Exclude<LogLevel, 'silent'>, (event: string, fields?: Fields) => void>>

export function createLog(
  level: LogLevel,
  write: (line: string) => void = (line) => process.stderr.write(line),
): Log {
  const at = (own: Exclude<LogLevel, 'silent'>) => {
    if (LEVELS.indexOf(own) < LEVELS.indexOf(level)) return () => {}
    return (event: string, fields: Fields = {}) =>
      write(`${masked(JSON.stringify({ time: new Date().toISOString(), level: own, event, ...fields }))}\n`)
  }
  return { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') }
}

/** What the pipeline reports goes into the log: calls at the level `debug`, the unexpected always. */
export function callLogger(log: Log): (call: CallRecord) => void {
  return ({ agentId, durationMs, cause, ...rest }) => {
    const call = { ...rest, agent_id: agentId, duration_ms: durationMs }
    if (cause === undefined) log.debug('call', call)
    else log.error('call', { ...call, ...errorFields(cause) })
  }
}

/** An error for the operator. */
export function errorFields(error: unknown): Fields {
  if (!(error instanceof Error)) return { cause: typeof error }
  const { name, message, stack = '', cause } = error
  return {
    cause: name,
    // What a parser complains about is a piece of the text itself.
    ...(!(error instanceof SyntaxError) && { message }),
    stack: stack.split('\n').filter((line) => line.startsWith('    at ')),
    ...(cause !== undefined && { because: errorFields(cause) }),
  }
}

/** A driver's warnings become lines of the log, where Node would print them as they are. */
export function logWarnings(log: Log): void {
  process.removeAllListeners('warning')
  process.on('warning', ({ name, message }) => log.warn('warning', { name, message: firstLine(message) }))
}

/**
 * What a library writes to stderr by itself becomes a line of the log too, as soon as the line has ended; lines that are JSON pass.
 * Answers how to end that.
 */
export function logStderr(level: LogLevel): () => void {
  let begun = ''
  return overStderr((toStderr) => {
    const log = createLog(level, toStderr)
    const take = (line: string) => {
      if (line.trim() === '') return
      if (isJson(line)) toStderr(`${masked(line)}\n`)
      else log.warn('stderr', { message: line })
    }
    return {
      next(text) {
        const lines = (begun + text).split('\n')
        begun = lines.pop() ?? ''
        for (const line of lines) take(line)
      },
      end: () => take(begun),
    }
  })
}

/**
 * Whatever this process writes to stderr, a library of its own accord too, is without the secrets of the settings, also one that
 * comes in two pieces. For where people read it: lines stay as they are.
 */
export function maskStderr(): () => void {
  const pieces = new MaskedPieces()
  const { write } = process.stderr
  const dieMasked = (error: unknown) => {
    write.call(process.stderr, `${masked(inspect(error))}\n`)
    process.exit(1)
  }
  // Node would print it as it is.
  process.once('uncaughtException', dieMasked)
  const end = overStderr((toStderr) => ({
    next: (text) => toStderr(pieces.next(text)),
    end: () => toStderr(pieces.rest()),
  }))
  return () => {
    process.off('uncaughtException', dieMasked)
    end()
  }
}

interface Taker {
  readonly next: (text: string) => void
  readonly end: () => void
}

/** Puts a taker before stderr, until the process ends or the answer is called. */
function overStderr(takerOf: (toStderr: (text: string) => void) => Taker): () => void {
  const { write } = process.stderr
  const taker = takerOf((text) => {
    if (text !== '') write.call(process.stderr, text)
  })
  process.stderr.write = (chunk: Uint8Array | string, ...rest: unknown[]): boolean => {
    taker.next(typeof chunk === 'string' ? chunk : Buffer.from(chunk).toString())
    const done = rest.find((argument) => typeof argument === 'function')
    if (done) done()
    return true
  }
  const end = () => {
    process.stderr.write = write
    process.off('exit', end)
    taker.end()
  }
  process.once('exit', end)
  return end
}

/** A line of the log itself. */
function isJson(line: string): boolean {
  if (!line.startsWith('{"time":')) return false
  try {
    return typeof JSON.parse(line) === 'object'
  } catch {
    return false
  }
}

function firstLine(text: string): string {
  return text.split('\n')[0] ?? ''
}
