import { isAbsolute, join, resolve } from 'node:path'
import { findInstalled } from './installed.ts'
import { checkedVectors, EmbeddingError, type EmbeddingModel } from './model.ts'

/** The package that runs the model; an operator who wants local embeddings installs it. */
const RUNNER = '@huggingface/transformers'

type Extractor = (
  texts: readonly string[],
  options: { pooling: 'mean'; normalize: true },
) => Promise<{ tolist(): unknown[] }>

interface Runner {
  readonly env: { allowRemoteModels: boolean; localModelPath: string }
  pipeline(task: 'feature-extraction', model: string, options: { local_files_only: true }): Promise<Extractor>
}

/** A sentence model in ONNX format, from a folder as Hugging Face lays it out. Nothing is downloaded. */
export class OnnxModel implements EmbeddingModel {
  readonly id: string
  readonly #folder: string
  readonly #dataDir: string
  #extractor: Promise<Extractor> | undefined

  constructor({ model, dataDir }: { model: string; dataDir: string }) {
    this.id = `local:${model}`
    this.#folder = isAbsolute(model) ? model : join(dataDir, model)
    this.#dataDir = dataDir
  }

  speaks(id: string): boolean {
    return id === this.id
  }

  async embed(texts: readonly string[]): Promise<Float32Array[]> {
    const extract = await this.#load()
    const answer = await extract(texts, { pooling: 'mean', normalize: true }).catch(() => {
      throw new EmbeddingError('The model failed on these texts.')
    })
    return checkedVectors(answer.tolist(), texts.length)
  }

  /** Loaded with the first text; what failed is tried again with a later one. */
  #load(): Promise<Extractor> {
    this.#extractor ??= this.#open().catch((error: unknown) => {
      this.#extractor = undefined
      throw error
    })
    return this.#extractor
  }

  async #open(): Promise<Extractor> {
    const runner = await findRunner(this.#dataDir)
    runner.env.allowRemoteModels = false
    runner.env.localModelPath = resolve(this.#folder, '..')
    return runner.pipeline('feature-extraction', this.#folder, { local_files_only: true }).catch(() => {
      throw new EmbeddingError(`There is no ONNX model that can be read in ${this.#folder}.`)
    })
  }
}

async function findRunner(dataDir: string): Promise<Runner> {
  const found = findInstalled(RUNNER, dataDir)
  const loaded = found === undefined ? null : await import(found).catch(() => null)
  if (!loaded) throw new EmbeddingError(`${RUNNER} is not installed: npm install ${RUNNER} in ${dataDir}.`)
  return 'pipeline' in loaded ? loaded : loaded.default
}
