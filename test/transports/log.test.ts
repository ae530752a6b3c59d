import { expect, test } from 'vitest'
import { keepSecrets } from '../../src/domain/text/secrets.ts'
import { callLogger, createLog, type LogLevel, logStderr, maskStderr } from '../../src/transports/log.ts'

function logged(
  level: LogLevel,
  write: (log: ReturnType<typeof createLog>) => void,
): Record<string, unknown>[] {
  const lines: string[] = []
  write(createLog(level, (line) => lines.push(line)))
  return lines.map((line) => {
    expect(line.endsWith('\n') && !line.slice(0, -1).includes('\n')).toBe(true)
    return JSON.parse(line) as Record<string, unknown>
  })
}

test('a level shows itself and what is more urgent', () => {
  const all = (level: LogLevel) =>
    logged(level, (log) => {
      for (const own of ['debug', 'info', 'warn', 'error'] as const) log[own]('x', { n: 1 })
    }).map(({ level: shown }) => shown)
  expect(all('debug')).toEqual(['debug', 'info', 'warn', 'error'])
  expect(all('warn')).toEqual(['warn', 'error'])
  expect(all('silent')).toEqual([])
})

test('a line has the time, the level, the event and its fields', () => {
  const [line] = logged('info', (log) => log.info('serving', { pid: 7 }))
  expect(line).toEqual({
    time: expect.stringMatching(/^\d{4}-.*Z$/),
    level: 'info',
    event: 'serving',
    pid: 7,
  })
})

const call = { tool: 'memory_tool', action: 'add', agentId: 'a', durationMs: 1.5 }

test('calls are logged at the level debug', () => {
  expect(logged('info', (log) => callLogger(log)(call))).toEqual([])
  const [line] = logged('debug', (log) => callLogger(log)({ ...call, error: 'NOT_FOUND' }))
  expect(line).toMatchObject({
    tool: 'memory_tool',
    action: 'add',
    agent_id: 'a',
    duration_ms: 1.5,
    error: 'NOT_FOUND',
  })
})

test('the unexpected is always there, with its cause and place', () => {
  const cause = new Error('outer', { cause: new TypeError('inner') })
  const [line] = logged('error', (log) => callLogger(log)({ ...call, error: 'INTERNAL_ERROR', cause }))
  expect(line).toMatchObject({
    level: 'error',
    error: 'INTERNAL_ERROR',
    cause: 'Error',
    message: 'outer',
    stack: expect.arrayContaining([expect.stringContaining('log.test.ts')]),
    because: { cause: 'TypeError', message: 'inner' },
  })
})

test('what a parser quotes of a text is left out', () => {
  const lines = logged('error', (log) => {
    try {
      JSON.parse('my own words')
    } catch (cause) {
      callLogger(log)({ ...call, error: 'INTERNAL_ERROR', cause })
    }
  })
  expect(lines[0]).toMatchObject({ cause: 'SyntaxError' })
  expect(JSON.stringify(lines)).not.toContain('words')
})

test('what a library writes to stderr is a line of the log, and nothing where the log is silent', () => {
  const written: string[] = []
  const { write } = process.stderr
  const said = (level: LogLevel, text: string) => {
    written.length = 0
    process.stderr.write = (chunk: Uint8Array | string) => written.push(String(chunk)) > 0
    const end = logStderr(level)
    process.stderr.write(text)
    end()
    process.stderr.write = write
    return written.map((line) => JSON.parse(line) as { message?: string })
  }
  expect(said('warn', 'WARNING: password file\n{ not json\n').map(({ message }) => message)).toEqual([
    'WARNING: password file',
    '{ not json',
  ])
  expect(said('silent', 'WARNING: password file\n{ not json\n')).toEqual([])
})

/** What reaches stderr while something stands before it. */
function reaching(begin: () => () => void, pieces: readonly string[]): string {
  const written: string[] = []
  const { write } = process.stderr
  process.stderr.write = (chunk: Uint8Array | string) => written.push(String(chunk)) > 0
  try {
    const end = begin()
    for (const piece of pieces) process.stderr.write(piece)
    end()
  } finally {
    process.stderr.write = write
  }
  return written.join('')
}

test.each([1, 3, 7])('a secret that comes to stderr in pieces of %i is masked', (size) => {
  keepSecrets(['s3cretWord', 's3cretWord-longer', 'rd12'])
  const text = 'connect as s3cretWord-longer with s3cretWord12\nand s3cre'
  const pieces = text.match(new RegExp(`[\\s\\S]{1,${size}}`, 'g')) ?? []
  const shown = reaching(maskStderr, pieces)
  expect(shown).not.toContain('s3cretWord')
  expect(shown).toMatch(/^connect as \*\*\* with \*\*\*12\nand s3cre$/)
  const lines = reaching(() => logStderr('warn'), pieces)
    .trim()
    .split('\n')
  expect(lines.map((line) => (JSON.parse(line) as { message: string }).message)).toEqual([
    'connect as *** with ***12',
    'and s3cre',
  ])
})
