/** Where the run is, once a second on stderr. */
export class Progress {
  #text = ''
  readonly #timer = setInterval(() => this.#write(), 1_000)

  show(text: string): void {
    this.#text = text
  }

  stop(): void {
    clearInterval(this.#timer)
  }

  #write(): void {
    if (this.#text) process.stderr.write(`${this.#text}\n`)
    this.#text = ''
  }
}
