import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { AppError } from '../src/domain/errors.ts'
import { SecretGuard } from '../src/services/secrets/secret-guard.ts'
import { textsIn } from '../src/services/secrets/texts.ts'

// How many harmless texts would be refused as a secret: each string of a JSON file, each paragraph of another.
//   npm run false-alarms -- [FILE…]
// Without files: the memories and questions that search is measured with.

const ours = join(import.meta.dirname, 'eval/coding-dev.json')
const files = process.argv.slice(2).filter((file) => !file.startsWith('--'))
const guard = new SecretGuard('refuse')
let count = 0
let refused = 0

for (const file of files.length > 0 ? files : [ours]) {
  for (const [number, text] of textsOf(file).entries()) {
    count += 1
    const problem = await problemOf(text)
    if (problem === undefined) continue
    refused += 1
    process.stdout.write(`${file}, text ${number + 1}: ${problem}\n`)
  }
}
const share = ((1000 * refused) / Math.max(1, count)).toFixed(2)
process.stdout.write(`${count} texts, ${refused} refused: ${share} of 1,000\n`)
process.exitCode = refused * 1000 > count ? 1 : 0

function textsOf(file: string): string[] {
  const content = readFileSync(file, 'utf8')
  if (file.endsWith('.json')) return [...textsIn(JSON.parse(content))].map(({ text }) => text)
  return content.split(/\n\s*\n/).filter((paragraph) => paragraph.trim() !== '')
}

async function problemOf(text: string): Promise<string | undefined> {
  try {
    await guard.admit({ text })
    return undefined
  } catch (error) {
    if (error instanceof AppError) return error.message
    throw error
  }
}
