import { parentPort, workerData } from 'node:worker_threads'
import type { Heard, Manifest, ThreadGiven } from './packaged.ts'

// A thread of its own, which `packaged.ts` starts: a model takes its time for a text and lets nothing else run meanwhile. The build
// makes a program of it.

interface Engine {
  createEmbedder(options: { model: Manifest }): Promise<{
    embed(texts: readonly string[]): Promise<readonly (readonly number[])[]>
  }>
}

const { engine, manifest } = workerData as ThreadGiven
const { createEmbedder } = (await import(engine)) as Engine
const { default: model } = (await import(manifest)) as { default: Manifest }
const embedder = await createEmbedder({ model })
// With the first text the engine reads the model.
await embedder.embed(['text'])
say('open')

parentPort?.on('message', (text: string) => {
  // One at a time: of more than a few the engine makes threads of its own, each with the whole model.
  embedder.embed([text]).then(
    ([vector]) => say(Float32Array.from(vector ?? [])),
    () => say('failed'),
  )
})

function say(heard: Heard): void {
  parentPort?.postMessage(heard)
}
