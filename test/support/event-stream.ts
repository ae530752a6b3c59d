export interface StreamedEvent {
  readonly id?: string
  readonly event?: string
  readonly data?: string
}

/** Reads server-sent events by hand, in order. */
export class EventStream {
  readonly #reader: ReadableStreamDefaultReader<string>
  readonly #ready: StreamedEvent[] = []
  #begun = ''
  /** The id of the last one, also of one that is no event. */
  lastId = ''

  private constructor(body: ReadableStream<Uint8Array<ArrayBuffer>>) {
    this.#reader = body.pipeThrough(new TextDecoderStream()).getReader()
  }

  static async open(
    url: string,
    headers: Readonly<Record<string, string>> = {},
    ask: typeof fetch = fetch,
  ): Promise<EventStream> {
    const response = await ask(url, { headers: { accept: 'text/event-stream', ...headers } })
    if (response.status !== 200 || !response.body)
      throw new Error(`no stream: ${response.status} ${await response.text()}`)
    return new EventStream(response.body)
  }

  /** The next one that has data; undefined at the end of the stream. */
  async next(): Promise<StreamedEvent | undefined> {
    for (;;) {
      const event = this.#ready.shift()
      if (event) return event
      const { value, done } = await this.#reader.read()
      if (done) return undefined
      this.#take(value)
    }
  }

  /** Waits until the server has begun to answer. */
  async begun(): Promise<void> {
    while (this.lastId === '') this.#take((await this.#reader.read()).value ?? '')
  }

  async close(): Promise<void> {
    await this.#reader.cancel().catch(() => {})
  }

  #take(text: string): void {
    const blocks = (this.#begun + text).split('\n\n')
    this.#begun = blocks.pop() ?? ''
    for (const block of blocks) {
      const lines = block.split('\n').map((line) => line.split(': '))
      const fields = Object.fromEntries(lines.map(([name = '', ...rest]) => [name, rest.join(': ')]))
      if (fields['id'] !== undefined) this.lastId = fields['id']
      if (fields['data'] !== undefined) this.#ready.push(fields)
    }
  }
}
