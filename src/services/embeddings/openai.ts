import { checkedVectors, EmbeddingError, type EmbeddingModel } from './model.ts'

const PREFIX = 'openai:'
const USUAL_MODEL = 'text-embedding-3-small'
/** Of an answer, for each text: a vector of 8,192 numbers in full length takes less. */
const BYTES_PER_TEXT = 256 * 1024
/** Of texts that are too long, too many at once, or not to the service's liking. */
const REFUSALS: readonly number[] = [400, 413, 422]

interface ServiceSettings {
  readonly url: string
  readonly model: string | undefined
  readonly key: string | undefined
}

/** A service that speaks OpenAI's protocol: its own, Ollama, LM Studio, vLLM and others. */
export class OpenAiModel implements EmbeddingModel {
  readonly id: string
  readonly #url: string
  readonly #key: string | undefined

  constructor({ url, model = USUAL_MODEL, key }: ServiceSettings) {
    this.id = PREFIX + model
    this.#url = `${url.replace(/\/+$/, '')}/embeddings`
    this.#key = key
  }

  speaks(id: string): boolean {
    return id.startsWith(PREFIX)
  }

  async embed(
    texts: readonly string[],
    { signal, id = this.id }: { signal: AbortSignal; id?: string },
  ): Promise<Float32Array[]> {
    const body = JSON.stringify({ model: id.slice(PREFIX.length), input: texts, encoding_format: 'float' })
    const answer = await this.#ask(body, { signal, mostBytes: BYTES_PER_TEXT * (texts.length + 1) })
    return checkedVectors(vectorsIn(answer), texts.length)
  }

  async #ask(
    body: string,
    { signal, mostBytes }: { signal: AbortSignal; mostBytes: number },
  ): Promise<unknown> {
    const authorization = this.#key === undefined ? {} : { authorization: `Bearer ${this.#key}` }
    const headers = { 'content-type': 'application/json', ...authorization }
    // A redirect could send the key to another server.
    const request = { method: 'POST', headers, body, signal, redirect: 'error' } as const
    const response = await fetch(this.#url, request).catch((cause: unknown) => {
      throw new EmbeddingError(signal.aborted ? 'The service did not answer in time.' : unreachable(cause))
    })
    if (!response.ok) {
      await response.body?.cancel().catch(() => {})
      throw new EmbeddingError(`The service answered ${response.status}.`, REFUSALS.includes(response.status))
    }
    return readJson(await boundedText(response, mostBytes, signal))
  }
}

function unreachable(cause: unknown): string {
  const { code } = (cause instanceof Error && (cause.cause as { code?: unknown } | undefined)) || {}
  return `The service cannot be reached${typeof code === 'string' ? ` (${code})` : ''}.`
}

async function boundedText(response: Response, mostBytes: number, signal: AbortSignal): Promise<string> {
  const chunks: Uint8Array[] = []
  let bytes = 0
  try {
    for await (const chunk of response.body ?? []) {
      bytes += chunk.length
      if (bytes > mostBytes) throw new EmbeddingError('The service gave an answer that is too long.')
      chunks.push(chunk)
    }
  } catch (error) {
    if (error instanceof EmbeddingError) throw error
    throw new EmbeddingError(signal.aborted ? 'The service did not answer in time.' : 'The answer broke off.')
  }
  return Buffer.concat(chunks).toString('utf8')
}

function readJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw new EmbeddingError('The service answered something that is no JSON.')
  }
}

interface Item {
  readonly index?: unknown
  readonly embedding?: unknown
}

function vectorsIn(answer: unknown): unknown[] {
  const { data } = (answer ?? {}) as { data?: unknown }
  if (!Array.isArray(data)) throw new EmbeddingError('The service answered something that holds no vectors.')
  const items = data.map((item: unknown, at) => {
    const { index = at, embedding } = (item ?? {}) as Item
    return { index: Number(index), embedding }
  })
  const isWhole = new Set(items.map(({ index }) => index)).size === items.length
  if (!isWhole) throw new EmbeddingError('The service gave one vector twice.')
  return items.sort((a, b) => a.index - b.index).map(({ embedding }) => embedding)
}
