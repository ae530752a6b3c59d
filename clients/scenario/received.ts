import { strict as assert } from 'node:assert'

/** The JSON of an answer, whatever the client put around it. */
export function answerIn(text: string): Record<string, unknown> {
  const [json] = /\{[\s\S]*\}/.exec(text) ?? []
  assert.ok(json, `no JSON in what reached the model: ${text.slice(0, 500)}`)
  return JSON.parse(json) as Record<string, unknown>
}

export function assertSays(text: string, words: string): void {
  assert.ok(text.includes(words), `not said: ${words}. What reached the model: ${text.slice(0, 500)}`)
}
