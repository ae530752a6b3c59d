import { AppError } from '../../../../domain/errors.ts'
import { type EntryShape, PLAIN } from '../clients/shape.ts'
import type { ConfigEditor } from './config-editor.ts'
import { JsonEditor } from './edit-json.ts'
import { TomlEditor } from './edit-toml.ts'
import { YamlEditor } from './edit-yaml.ts'

interface Target {
  readonly format: 'json' | 'toml' | 'yaml'
  readonly key: string
  readonly shape?: EntryShape
  /** Named in messages. */
  readonly file: string
}

const BOM = '\uFEFF'

const EDITORS = { json: JsonEditor, toml: TomlEditor, yaml: YamlEditor } as const

export function openEditor({ format, shape = PLAIN, key, file }: Target): ConfigEditor {
  const inner: ConfigEditor = new EDITORS[format]({ key, file, shape })
  return {
    allow: shape.allow,
    find: (text) => inner.find(split(text).body),
    hasTable: (text) => inner.hasTable(split(text).body),
    put: (text, entry) => keepMark(text, (body) => inner.put(body, entry)),
    remove: (text, options) => keepMark(text, (body) => inner.remove(body, options)),
  }
}

/** Bytes to text and back without loss; text that is not UTF-8 is refused, not guessed. */
export function decodeConfig(bytes: Uint8Array, file: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch (cause) {
    throw new AppError('INVALID_PARAMETER', `${file} is not UTF-8 text; nothing was changed.`, {
      cause,
      details: { file },
      suggestion: 'Save the file as UTF-8 and run the command again.',
    })
  }
}

function split(text: string): { readonly mark: string; readonly body: string } {
  return text.startsWith(BOM) ? { mark: BOM, body: text.slice(BOM.length) } : { mark: '', body: text }
}

/** Changes a text behind its byte order mark. */
export function keepMark(text: string, change: (body: string) => string): string {
  const { mark, body } = split(text)
  return mark + change(body)
}

export function withoutMark(text: string): string {
  return split(text).body
}
