import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

// Trains the word vectors that ship with the program (src/store/search/words-30k.bin), with fastText (Debian: fasttext):
//   node scripts/train-words.ts TEXTS OUT
// TEXTS: short texts about software, one a line. Ours were 963,000 one-line summaries of public packages.

const WORDS = 30_000
const DIMENSIONS = 100

const [texts, out] = process.argv.slice(2)
if (!texts || !out) throw new Error('node scripts/train-words.ts TEXTS OUT')
const folder = mkdtempSync(join(tmpdir(), 'train-words-'))
try {
  const model = train(texts)
  writeFileSync(
    out,
    packed(
      readFileSync(model, 'utf8')
        .split('\n')
        .slice(1, WORDS + 1),
    ),
  )
} finally {
  rmSync(folder, { recursive: true, force: true })
}

/** In lower case, letters and digits. Answers the file of vectors: a line a word, commonest first. */
function train(path: string): string {
  const plain = join(folder, 'plain.txt')
  const words = readFileSync(path, 'utf8')
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}\n]+/gu, ' ')
  writeFileSync(plain, words)
  const model = join(folder, 'model')
  const how = '-dim 100 -ws 5 -epoch 3 -minCount 8 -neg 5 -maxn 0'.split(' ')
  execFileSync('fasttext', ['skipgram', '-input', plain, '-output', model, ...how], { stdio: 'inherit' })
  return `${model}.vec`
}

/** int8 numbers, a float32 scale a word, the words. */
function packed(lines: readonly string[]): Buffer {
  if (lines.length < WORDS) throw new Error(`The texts have ${lines.length} words, fewer than ${WORDS}.`)
  const numbers = new Int8Array(WORDS * DIMENSIONS)
  const scales = Buffer.alloc(WORDS * 4)
  const words = lines.map((line, at) => {
    const [word = '', ...values] = line.trim().split(' ')
    const vector = values.map(Number)
    const scale = Math.max(...vector.map(Math.abs)) / 127 || 1
    numbers.set(
      vector.map((value) => Math.round(value / scale)),
      at * DIMENSIONS,
    )
    scales.writeFloatLE(scale, at * 4)
    return word
  })
  return Buffer.concat([Buffer.from(numbers.buffer), scales, Buffer.from(words.join('\n'))])
}
