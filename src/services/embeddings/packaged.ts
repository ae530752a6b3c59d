import { existsSync } from 'node:fs'
import { Worker } from 'node:worker_threads'
import { findInstalled } from './installed.ts'
import { checkedVectors, EmbeddingError, type EmbeddingModel } from './model.ts'

/** The package that runs the model; an operator who wants local embeddings installs it. */
const ENGINE = '@lat.md/embed'
/** A model that is asked for nothing gives its memory back. */
const IDLE_MS = 600_000

/** What the package of a model says of it, as its default export; the engine reads the rest. */
export interface Manifest {
  readonly id: string
  readonly dimensions: number
}

/** What the thread is started with: addresses to import from. */
export interface ThreadGiven {
  readonly engine: string
  readonly manifest: string
}

/** What the thread says: the model is read, a vector, or that a text has none. */
export type Heard = 'open' | 'failed' | Float32Array

interface Named {
  readonly model: string
  readonly dataDir: string
}

/** A sentence model that is a package of the npm registry. Nothing is downloaded. */
export async function openPackaged(named: Named): Promise<EmbeddingModel> {
  const manifest = findInstalled(named.model, named.dataDir)
  if (manifest === undefined) return missingModel(named)
  const { default: said } = (await import(manifest).catch(() => ({}))) as { default?: unknown }
  return isManifest(said) ? new PackagedModel(named, { manifest, said }) : noModel(named)
}

function isManifest(said: unknown): said is Manifest {
  const { id, dimensions } = (said ?? {}) as Partial<Record<keyof Manifest, unknown>>
  return typeof id === 'string' && /^[\w./-]{1,100}$/.test(id) && Number.isInteger(dimensions)
}

function missingModel(named: Named): EmbeddingModel {
  return failing(
    named,
    `${named.model} is not installed: ${installation(named)}, and start the server again.`,
  )
}

function noModel(named: Named): EmbeddingModel {
  return failing(named, `${named.model} is a package, but not of a model that ${ENGINE} runs.`)
}

function failing({ model }: Named, message: string): EmbeddingModel {
  return {
    id: `local:${model}`,
    speaks: () => false,
    embed: () => Promise.reject(new EmbeddingError(message)),
  }
}

function installation({ model, dataDir }: Named): string {
  return `cd ${dataDir} && npm install ${ENGINE} ${model}`
}

interface Task {
  readonly text: string
  readonly signal: AbortSignal
  readonly resolve: (vector: Float32Array) => void
  readonly reject: (error: unknown) => void
}

/** Runs in a thread, one text after the other: the server answers meanwhile, and the model is in memory once. */
class PackagedModel implements EmbeddingModel {
  readonly id: string
  /** A long text takes up to a second on a slow machine. */
  readonly textsAtOnce = 8
  readonly isHere = true
  readonly #named: Named
  readonly #manifest: string
  readonly #waiting: Task[] = []
  #thread: Worker | undefined
  #current: Task | undefined
  #idle: NodeJS.Timeout | undefined

  constructor(named: Named, { manifest, said }: { manifest: string; said: Manifest }) {
    this.id = `local:${named.model}:${said.id}:${said.dimensions}`
    this.#named = named
    this.#manifest = manifest
  }

  speaks(id: string): boolean {
    return id === this.id
  }

  /** Text by text: a question waits for one of them, not for all. */
  async embed(texts: readonly string[], { signal }: { signal: AbortSignal }): Promise<Float32Array[]> {
    const vectors = []
    for (const text of texts) vectors.push(await this.#ask(text, signal))
    return checkedVectors(vectors, texts.length)
  }

  /** Reads the model now, so that the first question need not wait for it. */
  open(): void {
    try {
      this.#started()
    } catch {
      // The first text says why.
    }
  }

  async close(): Promise<void> {
    const left = [this.#current, ...this.#waiting.splice(0)]
    this.#current = undefined
    for (const task of left) task?.reject(new EmbeddingError('The server ends.'))
    await this.#end()
  }

  async #end(): Promise<void> {
    clearTimeout(this.#idle)
    const thread = this.#thread
    this.#thread = undefined
    await thread?.terminate()
  }

  #ask(text: string, signal: AbortSignal): Promise<Float32Array> {
    const { promise, resolve, reject } = Promise.withResolvers<Float32Array>()
    const late = () => reject(new EmbeddingError('The model did not answer in time.'))
    if (signal.aborted) late()
    else {
      signal.addEventListener('abort', late, { once: true })
      this.#waiting.push({ text, signal, resolve, reject })
      this.#next()
    }
    return promise.finally(() => signal.removeEventListener('abort', late))
  }

  #next(): void {
    if (this.#current) return
    let task = this.#waiting.shift()
    while (task?.signal.aborted) task = this.#waiting.shift()
    if (!task) {
      this.#rest()
      return
    }
    try {
      const thread = this.#started()
      this.#current = task
      thread.ref()
      thread.postMessage(task.text)
    } catch (error) {
      task.reject(error)
      this.#next()
    }
  }

  /** Nothing to do keeps no process alive, and no model for long. */
  #rest(): void {
    this.#thread?.unref()
    clearTimeout(this.#idle)
    this.#idle = setTimeout(() => void this.#end(), IDLE_MS).unref()
  }

  #started(): Worker {
    clearTimeout(this.#idle)
    if (this.#thread) return this.#thread
    const engine = findInstalled(ENGINE, this.#named.dataDir)
    if (engine === undefined)
      throw new EmbeddingError(`${ENGINE} is not installed: ${installation(this.#named)}.`)
    const file = fileOfThread()
    if (!existsSync(file)) throw new EmbeddingError(`The program is not whole: ${file.pathname} is missing.`)
    const workerData: ThreadGiven = { engine, manifest: this.#manifest }
    // What it prints is not for the protocol on stdout.
    const thread = new Worker(file, { workerData, env: {}, stdout: true, stderr: true })
    let isOpen = false
    thread.on('message', (heard: Heard) => {
      isOpen = true
      if (thread === this.#thread) this.#hear(heard)
    })
    thread.on('error', () => {})
    thread.on('exit', () => {
      if (thread === this.#thread) this.#lose(isOpen)
    })
    this.#thread = thread
    return thread
  }

  #hear(heard: Heard): void {
    const task = this.#current
    if (heard === 'open') {
      if (!task) this.#rest()
      return
    }
    this.#current = undefined
    if (heard === 'failed') {
      task?.reject(new EmbeddingError('The model failed on these texts.', true))
      // What failed inside may be in no state for another text.
      void this.#end()
    } else task?.resolve(heard)
    this.#next()
  }

  #lose(wasOpen: boolean): void {
    const task = this.#current
    this.#thread = undefined
    this.#current = undefined
    const broken = `The model cannot be read; install it again: ${installation(this.#named)}.`
    task?.reject(new EmbeddingError(wasOpen ? 'The thread of the model ended.' : broken))
    this.#next()
  }
}

/** As a source beside this one; the build puts it beside the program. */
function fileOfThread(): URL {
  return new URL(`./model-thread${import.meta.url.endsWith('.ts') ? '.ts' : '.js'}`, import.meta.url)
}
