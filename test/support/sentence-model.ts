import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

// A real sentence model, made here because none can be had from the npm registry: the program's own table of words as one ONNX graph
// (the numbers of a text's words, gathered), in the folder layout of Hugging Face. The program that runs it takes their mean.

const TABLE = join(import.meta.dirname, '../../src/store/search/words-44k.bin')
const TABLE_WORDS = 44_000
const DIMENSIONS = 100
const FLOAT = 1
const INT64 = 7
/** Of the format, and of the meaning of its operators. */
const FORMAT = 7
const OPERATORS = 13
const SPECIAL = ['[PAD]', '[UNK]'] as const

/** Writes the model into that folder: the commonest words, each as its direction. */
export function makeSentenceModel(folder: string, words = 20_000): void {
  mkdirSync(join(folder, 'onnx'), { recursive: true })
  const { names, rows } = tableOf(words)
  const vocabulary = Object.fromEntries([...SPECIAL, ...names].map((name, at) => [name, at]))
  const size = words + SPECIAL.length
  write(folder, 'config.json', {
    model_type: 'bert',
    architectures: ['BertModel'],
    hidden_size: DIMENSIONS,
    vocab_size: size,
  })
  write(folder, 'tokenizer_config.json', {
    tokenizer_class: 'BertTokenizer',
    model_max_length: 512,
    pad_token: SPECIAL[0],
    unk_token: SPECIAL[1],
  })
  write(folder, 'tokenizer.json', tokenizer(vocabulary))
  const matrix = new Float32Array(size * DIMENSIONS)
  matrix.set(rows, SPECIAL.length * DIMENSIONS)
  writeFileSync(join(folder, 'onnx/model.onnx'), graph(matrix, size))
}

function write(folder: string, name: string, value: unknown): void {
  writeFileSync(join(folder, name), JSON.stringify(value))
}

function tableOf(words: number): { names: string[]; rows: Float32Array } {
  const bytes = readFileSync(TABLE)
  const names = bytes
    .subarray(TABLE_WORDS * (DIMENSIONS + 4))
    .toString('utf8')
    .split('\n')
    .slice(0, words)
  const numbers = new Int8Array(bytes.buffer, bytes.byteOffset, words * DIMENSIONS)
  const rows = Float32Array.from(numbers)
  for (let rank = 0; rank < words; rank++) {
    const row = rows.subarray(rank * DIMENSIONS, (rank + 1) * DIMENSIONS)
    const length = Math.hypot(...row) || 1
    // A common word says little.
    row.set(row.map((value) => (value / length) * Math.min(1, (rank + 1) / 300)))
  }
  return { names, rows }
}

function tokenizer(vocab: Readonly<Record<string, number>>) {
  const added_tokens = SPECIAL.map((content, id) => ({
    id,
    content,
    single_word: false,
    lstrip: false,
    rstrip: false,
    normalized: false,
    special: true,
  }))
  return {
    version: '1.0',
    truncation: null,
    padding: null,
    added_tokens,
    normalizer: {
      type: 'BertNormalizer',
      clean_text: true,
      handle_chinese_chars: true,
      strip_accents: null,
      lowercase: true,
    },
    pre_tokenizer: { type: 'BertPreTokenizer' },
    post_processor: null,
    decoder: { type: 'WordPiece', prefix: '##', cleanup: true },
    model: {
      type: 'WordPiece',
      unk_token: SPECIAL[1],
      continuing_subword_prefix: '##',
      max_input_characters_per_word: 100,
      vocab,
    },
  }
}

/** An ONNX ModelProto: last_hidden_state = Gather(words, input_ids). */
function graph(matrix: Float32Array, size: number): Buffer {
  const raw = Buffer.from(matrix.buffer)
  const table = [number(1, size), number(1, DIMENSIONS), number(2, FLOAT), text(8, 'words'), bytes(9, raw)]
  const node = [
    text(1, 'words'),
    text(1, 'input_ids'),
    text(2, 'last_hidden_state'),
    text(3, 'gather'),
    text(4, 'Gather'),
  ]
  const parts = [
    message(1, node),
    text(2, 'words'),
    message(5, table),
    message(11, value('input_ids', INT64, ['batch', 'sequence'])),
    message(12, value('last_hidden_state', FLOAT, ['batch', 'sequence', DIMENSIONS])),
  ]
  return Buffer.concat([
    number(1, FORMAT),
    text(2, 'agent-memory'),
    message(7, parts),
    message(8, [text(1, ''), number(2, OPERATORS)]),
  ])
}

function value(name: string, type: number, dimensions: readonly (string | number)[]): Buffer[] {
  const shape = dimensions.map((each) =>
    message(1, [typeof each === 'string' ? text(2, each) : number(1, each)]),
  )
  return [text(1, name), message(2, [message(1, [number(1, type), message(2, shape)])])]
}

function message(field: number, parts: readonly Buffer[]): Buffer {
  return bytes(field, Buffer.concat(parts))
}

function text(field: number, given: string): Buffer {
  return bytes(field, Buffer.from(given))
}

function bytes(field: number, content: Buffer): Buffer {
  return Buffer.concat([varint((field << 3) | 2), varint(content.length), content])
}

function number(field: number, given: number): Buffer {
  return Buffer.concat([varint(field << 3), varint(given)])
}

function varint(given: number): Buffer {
  const out = []
  let rest = given
  for (; rest > 0x7f; rest = Math.floor(rest / 128)) out.push((rest & 0x7f) | 0x80)
  return Buffer.from([...out, rest])
}
