import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'

/** What a service may do to those who ask it. */
export type Misbehaviour =
  | 'none'
  | '500'
  | '400'
  | 'not a number'
  | 'other length'
  | 'huge'
  | 'slow'
  | 'no json'
  | 'redirect'

/** A service that speaks OpenAI's protocol over a loopback port: words with one meaning point one way. */
export interface EmbeddingService {
  readonly url: string
  readonly requests: {
    readonly model: string
    readonly texts: readonly string[]
    readonly key: string | undefined
  }[]
  misbehave(how: Misbehaviour): void
  /** Texts with this word are refused. */
  refuse(word: string | null): void
  close(): Promise<void>
}

const MEANINGS = [
  ['car', 'automobile', 'vehicle'],
  ['sea', 'ocean', 'maritime'],
  ['doctor', 'physician', 'medic'],
]
const DIMENSIONS = 64

export async function openEmbeddingService(): Promise<EmbeddingService> {
  const state = { how: 'none' as Misbehaviour, refused: null as string | null }
  const requests: EmbeddingService['requests'] = []
  const server = createServer((request, response) => {
    void answer(request, response)
  })
  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { model, input } = JSON.parse(await text(request)) as { model: string; input: string[] }
    requests.push({ model, texts: input, key: request.headers.authorization })
    const { how, refused } = state
    if (how === 'slow') return
    if (how === '500' || how === '400') return send(response, Number(how), '{}')
    if (how === 'redirect') return void response.writeHead(307, { location: '/elsewhere' }).end()
    if (how === 'no json') return send(response, 200, '<html>')
    if (how === 'huge') return void response.writeHead(200).end(Buffer.alloc(64 * 1024 * 1024, 32))
    if (refused !== null && input.some((each) => each.includes(refused))) return send(response, 400, '{}')
    const data = input.map((each, index) => ({ index, embedding: vectorOf(each, { model, how }) }))
    // The order is the service's own business.
    send(response, 200, JSON.stringify({ object: 'list', data: data.reverse() }))
  }
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`,
    requests,
    misbehave: (how) => {
      state.how = how
    },
    refuse: (word) => {
      state.refused = word
    },
    async close() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

function send(response: ServerResponse, status: number, body: string): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(body)
}

function vectorOf(given: string, { model, how }: { model: string; how: Misbehaviour }): (number | string)[] {
  const length = model === 'large' ? DIMENSIONS * 2 : how === 'other length' ? DIMENSIONS / 2 : DIMENSIONS
  const vector: (number | string)[] = Array.from({ length }, () => 0.01)
  for (const word of given.toLowerCase().match(/[a-z]+/g) ?? []) {
    const meaning = MEANINGS.findIndex((words) => words.includes(word))
    const at = meaning >= 0 ? meaning : MEANINGS.length + (hash(word) % (length - MEANINGS.length))
    vector[at] = Number(vector[at]) + (meaning >= 0 ? 3 : 0.5)
  }
  if (how === 'not a number') vector[3] = 'NaN'
  return vector
}

function hash(word: string): number {
  return [...word].reduce((sum, letter) => (sum * 31 + letter.charCodeAt(0)) % 65_521, 7)
}
