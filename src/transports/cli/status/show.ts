import type { Instance } from '../../../operations/instance.ts'
import type { CommandIo } from '../io.ts'
import { callerOf } from '../run-tool.ts'
import { interruptible } from '../transfer/interrupt.ts'
import { printableJson } from '../view/terminal.ts'
import { readStatus } from './read.ts'
import { screenOf } from './screen.ts'

export interface StatusOptions {
  readonly isOnce: boolean
  readonly everyMs: number
}

const OTHER_SCREEN = '\u001b[?1049h\u001b[?25l'
const FIRST_SCREEN = '\u001b[?25h\u001b[?1049l'
const HOME = '\u001b[H'
const REST_OF_LINE = '\u001b[K'
const REST_OF_SCREEN = '\u001b[J'

/** The exit code. */
export async function showStatus({ isOnce, everyMs }: StatusOptions, io: CommandIo): Promise<number> {
  const config = io.config()
  const app = await io.openApp(config)
  const caller = callerOf(config, io)
  try {
    if (!isOnce && !io.isJson && io.isTTY)
      return await interruptible(io, (signal) => live(app, { everyMs, signal, io }))
    const status = await readStatus(app, caller)
    const text = () => `${screenOf(status, new Date(), io.terminal).join('\n').trimEnd()}\n`
    if (isOnce || io.isJson) io.answer(status, text)
    else io.stdout.write(`${printableJson(status)}\n`)
    return 0
  } finally {
    await app.close()
  }
}

interface Live {
  readonly everyMs: number
  readonly signal: AbortSignal
  readonly io: CommandIo
}

/** Draws over the last picture, on a screen of its own, until a key or a signal ends it. */
async function live(app: Instance, { everyMs, signal, io }: Live): Promise<number> {
  const caller = callerOf(io.config(), io)
  const over = Promise.withResolvers<void>()
  signal.addEventListener('abort', () => over.resolve(), { once: true })
  const stopReading = onQuit(io.stdin, () => over.resolve())
  let isOver = false
  void over.promise.then(() => {
    isOver = true
  })
  io.stdout.write(OTHER_SCREEN)
  try {
    while (!isOver) {
      io.stdout.write(picture(await readStatus(app, caller), io))
      await Promise.race([over.promise, pause(everyMs)])
    }
  } finally {
    stopReading()
    io.stdout.write(FIRST_SCREEN)
  }
  return 0
}

function picture(status: Awaited<ReturnType<typeof readStatus>>, { stdout, terminal }: CommandIo): string {
  const width = sizeOf(stdout, 'columns') ?? terminal.width
  const height = sizeOf(stdout, 'rows') ?? Number.POSITIVE_INFINITY
  const lines = screenOf(status, new Date(), { ...terminal, width })
  const shown = lines.length > height ? [...lines.slice(0, height - 1), terminal.dim('…')] : lines
  return `${HOME}${shown.map((line) => line + REST_OF_LINE).join('\r\n')}${REST_OF_SCREEN}`
}

/** It changes while the program runs. */
function sizeOf(stdout: NodeJS.WritableStream, name: 'columns' | 'rows'): number | undefined {
  const size: unknown = Reflect.get(stdout, name)
  return typeof size === 'number' && size > 0 ? size : undefined
}

const QUITS = ['q', 'Q', '\u0003', '\u001b']

/** Keys one by one, where the terminal gives them so. */
function onQuit(stdin: NodeJS.ReadableStream, quit: () => void): () => void {
  const isKeys = 'setRawMode' in stdin && typeof stdin.setRawMode === 'function'
  if (isKeys) Reflect.apply(stdin.setRawMode as (isRaw: boolean) => void, stdin, [true])
  const onData = (chunk: Buffer | string) => {
    if (QUITS.includes(chunk.toString())) quit()
  }
  stdin.on('data', onData)
  return () => {
    stdin.off('data', onData)
    stdin.pause()
    if (isKeys) Reflect.apply(stdin.setRawMode as (isRaw: boolean) => void, stdin, [false])
  }
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, ms).unref()
  })
}
